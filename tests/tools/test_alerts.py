"""The desk's own alerts: each told once when it begins, once when it is over, again when it comes back."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.clocks import TurnedClock
from tests.desk.seeded import RUN, copy_desk, seed_desk
from tests.desk.shell import tieout
from tools.approvals import requests
from tools.core import clock, settings
from tools.operations import alerts
from tools.store import Store, flags, node_counts, open_store, outbox, run_figures, runs, trail

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)  # a Wednesday
NOTIFY = json.dumps({"desk": {"url": "json://127.0.0.1:9", "kinds": ["alert"]}})


@pytest.fixture
def turned_clock() -> Iterator[TurnedClock]:
    """Give a clock that stands."""
    standing = TurnedClock(NOW)
    with clock.using(standing):
        yield standing


@pytest.fixture
def store(tmp_path: Path, turned_clock: TurnedClock, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give a desk that is well: its run is closed over, its CRITICAL flag reviewed."""
    assert turned_clock.now() == NOW
    (tmp_path / "seeded").mkdir()
    opened = copy_desk(seed_desk(tmp_path / "seeded"), tmp_path / "desk", monkeypatch)
    monkeypatch.setenv("TIEOUT_NOTIFY", NOTIFY)
    for flag in flags.find(opened, run_id=RUN):
        flags.review(opened, flag.flag_id, "confirmed", by="dana")
    requests.close(opened, f"{RUN}-flags-1", "decided")
    assert alerts.conditions(opened, settings.load()) == []
    return opened


def _settle(store: Store) -> tuple[list[str], list[str]]:
    settled = alerts.settle(store, settings.load())
    return [alert.name for alert in settled.raised], [alert.name for alert in settled.cleared]


def _titles(store: Store) -> list[str]:
    return sorted(str(message.payload["title"]) for message in outbox.pending(store))


def _fail_checks(store: Store) -> None:
    for outcome in ("failed", *["done"] * 8):
        node_counts.add(store, "audit", "reconcile", outcome, 1.0)


def _read_badly(store: Store) -> None:
    run_figures.put(store, RUN, run_figures.COMPLETENESS, {"": 0.84})


def _flag_falsely(store: Store) -> None:
    flags.review(store, flags.find(store, run_id=RUN)[0].flag_id, "false_positive", by="omar")


def _spend(store: Store) -> None:
    trail.append(store, RUN, "tieout", "model call", model="m", cost="10.01")


def _work_on(store: Store) -> None:
    runs.set_status(store, RUN, "open")


def _ask(store: Store) -> None:
    subject = {"subject": "c9", "risk": "HIGH", "description": "Case c9"}
    requests.ask(store, RUN, requests.Draft("flags", "One case", [subject], {"c9": 1}))


def _raise_flag(store: Store) -> None:
    row = {
        "row_key": "card:z",
        "source": "card",
        "amount_minor": 5,
        "currency": "USD",
        "severity": "CRITICAL",
    }
    flags.propose(store, RUN, [row])


@pytest.mark.parametrize(
    ("spoil", "waited", "name"),
    [
        (_fail_checks, timedelta(), "checks_fail"),
        (_read_badly, timedelta(), "books_incomplete"),
        (_flag_falsely, timedelta(), "false_positives"),
        (_spend, timedelta(), "spending"),
        (_work_on, timedelta(minutes=31), "run_stuck"),
        (_ask, timedelta(hours=25), "request_waits"),
        (_raise_flag, timedelta(hours=35.9), ""),
        (_raise_flag, timedelta(hours=48.1), "critical_flags_unreviewed"),
        (lambda _: None, timedelta(hours=36.1), "no_audit"),
    ],
)
def test_what_is_wrong_is_raised(
    store: Store, turned_clock: TurnedClock, spoil: Callable[[Store], None], waited: timedelta, name: str
) -> None:
    """Each condition of the specification stands beyond its bound, and its notice is queued once."""
    spoil(store)
    turned_clock.sleep(waited.total_seconds())
    raised, _ = _settle(store)
    assert name in raised or (name, raised) == ("", [])
    assert _settle(store) == ([], [])
    assert len(_titles(store)) == len(raised)


def test_what_is_well_again_is_told_once(store: Store, turned_clock: TurnedClock) -> None:
    """Raised, cleared, and raised again: a notice each time, none between."""
    _read_badly(store)
    assert _settle(store) == (["books_incomplete"], [])
    run_figures.put(store, RUN, run_figures.COMPLETENESS, {"": 0.85})
    turned_clock.sleep(60)
    assert _settle(store) == ([], ["books_incomplete"])
    assert _settle(store) == ([], [])
    _read_badly(store)
    turned_clock.sleep(60)
    assert _settle(store) == (["books_incomplete"], [])
    assert _titles(store) == ["Books are incomplete"] * 2 + ["Well again: Books are incomplete"]


def test_many_flags_are_one_alert(store: Store, turned_clock: TurnedClock) -> None:
    """CRITICAL flags of one run that nobody reviews make one notice, which counts them."""
    rows = [
        {"row_key": f"k{n}", "source": "card", "amount_minor": 5, "currency": "USD", "severity": "CRITICAL"}
        for n in range(150)
    ]
    flags.propose(store, RUN, rows)
    turned_clock.sleep(49 * 3600)
    alerts.settle(store, settings.load())
    (notice,) = [message for message in outbox.pending(store) if "unreviewed" in message.payload["title"]]
    assert notice.payload["why"][0].startswith(f"150 CRITICAL flags of run {RUN}")


def test_several_that_settle_at_once_tell_once(store: Store) -> None:
    """Cron and a worker may both tick: one notice goes out."""
    _read_badly(store)
    limits, raised = settings.load(), []

    def settle() -> None:
        with clock.using(TurnedClock(NOW)):
            raised.append(len(alerts.settle(store, limits).raised))

    threads = [threading.Thread(target=settle) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(raised) == [0, 0, 0, 1]
    assert _titles(store) == ["Books are incomplete"]


def test_tick_says_what_is_new_and_what_is_over(store: Store, tmp_path: Path) -> None:
    """The command of cron: in words, and as JSON."""
    _read_badly(store)
    desk = tmp_path / "desk"
    more = {
        "DATABASE_URL": f"sqlite:///{desk}/tieout.db",
        "WORKSPACE_URL": str(desk),
        "TIEOUT_NOTIFY": NOTIFY,
    }
    first = tieout("tick", cwd=desk, **more)
    assert "Alert: books_incomplete (Pine & Co): 84.0% of the postings" in first.stderr
    run_figures.put(open_store(more["DATABASE_URL"]), RUN, run_figures.COMPLETENESS, {"": 1.0})
    second = json.loads(tieout("tick", "--json", cwd=desk, **more).stdout)
    assert [alert["name"] for alert in second["cleared"]] == ["books_incomplete"]
    assert [alert["name"] for alert in second["raised"]] == []
