"""Each part of the desk says how it does; what waits too long is found, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from pydantic import SecretStr

from tests.clocks import TurnedClock
from tests.desk.seeded import RUN, seed_store
from tests.graph.small import write_books
from tools.approvals import requests
from tools.core import clock
from tools.core.settings import Settings
from tools.operations import health, overdue
from tools.runs import leases, tasks
from tools.store import Store, flags, outbox, runs

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def turned_clock() -> Iterator[TurnedClock]:
    """Give a clock that stands."""
    standing_clock = TurnedClock(NOW)
    with clock.using(standing_clock):
        yield standing_clock


@pytest.fixture
def store(tmp_path: Path, turned_clock: TurnedClock) -> Store:
    """Give a desk with a run over small books that waits for people."""
    assert turned_clock.now() == NOW
    write_books(tmp_path / "books")
    store = seed_store(f"sqlite:///{tmp_path}/tieout.db")
    runs.record(store, RUN, sources_path=str(tmp_path / "books" / "sources.yaml"))
    return store


def _settings(folder: Path, **fields: object) -> Settings:
    return Settings.model_validate({
        "DATABASE_URL": f"sqlite:///{folder}/tieout.db",
        "CHECKPOINT_URL": f"sqlite:///{folder}/checkpoints.db",
        "WORKSPACE_URL": str(folder / "runs"),
        **fields,
    })  # fmt: skip


def _levels(settings: Settings) -> dict[str, str]:
    return {part.name: part.level for part in health.check(settings)}


def test_a_desk_that_works(store: Store, tmp_path: Path) -> None:
    """Every part is there, each source by name, and all are ok."""
    assert store.dialect == "sqlite"
    levels = _levels(_settings(tmp_path))
    assert set(levels) == {
        "workspace", "store", "checkpoints", "users", "source card", "source bank", "model API", "notifier",
        "mail server", "contact sources", "follow-up",
    }  # fmt: skip
    assert set(levels.values()) == {"ok"}


def test_what_is_broken_says_so(store: Store, tmp_path: Path) -> None:
    """A source that is gone, checkpoints that are no database, a folder that is a file: each alone."""
    assert store.dialect == "sqlite"
    (tmp_path / "books" / "card.csv").unlink()
    (tmp_path / "checkpoints.db").write_text("no database at all, but long enough to be read as one" * 20)
    (tmp_path / "runs").write_text("")
    parts = {part.name: part for part in health.check(_settings(tmp_path))}
    broken = {name for name, part in parts.items() if part.level == "error"}
    assert broken == {"source card", "checkpoints", "workspace"}
    assert "card.csv" in parts["source card"].message
    assert health.worst(list(parts.values())) == "error"


def test_a_store_that_is_away(tmp_path: Path) -> None:
    """The other parts are looked at all the same."""
    (tmp_path / "tieout.db").write_text("not a database, whatever its name says" * 20)
    levels = _levels(_settings(tmp_path))
    assert levels["store"] == "error"
    assert levels["workspace"] == "ok"


@pytest.mark.parametrize(("code", "level"), [(200, "ok"), (404, "ok"), (401, "error"), (503, "warning")])
def test_the_model_is_asked_for_its_list(store: Store, tmp_path: Path, code: int, level: str) -> None:
    """It answers, refuses our key, or is away; the key goes along."""
    assert store.dialect == "sqlite"
    calls: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(f"{self.path} {self.headers['Authorization']}")
            self.send_response(code)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.handle_request, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}/v1"
        settings = _settings(tmp_path).model_copy(
            update={"model": "m", "model_base_url": base, "model_api_key": SecretStr("k")}
        )
        assert _levels(settings)["model API"] == level
    assert calls == ["/v1/models Bearer k"]
    assert _levels(settings)["model API"] == "warning"


def test_a_provider_has_an_address_of_its_own(store: Store, tmp_path: Path) -> None:
    """A model and whose it is are enough: nothing else has to be set, and what is set must be an address."""
    assert store.dialect == "sqlite"
    desk_settings = _settings(tmp_path).model_copy(update={"model": "m", "model_provider": "ollama"})
    assert _levels(desk_settings)["model API"] != "error"  # away, or answering where somebody runs one
    wrong = desk_settings.model_copy(update={"model_base_url": "localhost/v1"})
    assert _levels(wrong)["model API"] == "error"


def test_notices_that_do_not_go_out(store: Store, tmp_path: Path, turned_clock: TurnedClock) -> None:
    """Queued a while ago: a warning; tried and failed: an error with what the last one said."""
    outbox.queue(store, outbox.Origin("run", RUN), "ask", "approvers", {})
    assert _levels(_settings(tmp_path))["notifier"] == "ok"
    turned_clock.sleep(16 * 60)
    assert _levels(_settings(tmp_path))["notifier"] == "warning"
    batch = outbox.claim(store)
    assert batch
    outbox.failed(store, batch, "no such host", wait_seconds=60, most=1)
    (part,) = (row for row in health.check(_settings(tmp_path)) if row.name == "notifier")
    assert (part.level, "no such host" in part.message) == ("error", True)


@pytest.mark.parametrize(
    ("waited", "kinds"),
    [
        (timedelta(hours=23), []),
        (timedelta(hours=25), ["approval"]),
        (timedelta(hours=49), ["approval", "cycle", "flag"]),
    ],
)
def test_what_waits_too_long(
    store: Store, turned_clock: TurnedClock, waited: timedelta, kinds: list[str]
) -> None:
    """An approval after a day, a CRITICAL flag after two, a business day without a run once it is over."""
    turned_clock.sleep(waited.total_seconds())
    assert sorted(item.kind for item in overdue.find(store)) == kinds


def test_a_task_that_failed_is_named_until_it_is_done(store: Store) -> None:
    """The status says which, after how many tries and why; the same work done later takes it off."""
    tasks.enqueue(store, "tick", {"a": 1})
    lease = tasks.claim(store, "hand", ["tick"])
    assert lease
    leases.fail(store, lease, "no such\ncolumn: hue")
    (failed,) = (stuck for stuck in overdue.find(store) if stuck.kind == "task")
    assert failed.message.endswith("(tick) failed at attempt 1: column: hue")
    tasks.enqueue(store, "tick", {"a": 1})
    lease = tasks.claim(store, "hand", ["tick"])
    assert lease
    leases.succeed(store, lease, {})
    assert "task" not in [stuck.kind for stuck in overdue.find(store)]


def test_what_is_done_waits_no_more(store: Store, turned_clock: TurnedClock) -> None:
    """A closed request, a reviewed flag; a weekend is no business day."""
    requests.close(store, f"{RUN}-flags-1", "decided")
    critical = flags.find(store, severity="CRITICAL")
    flags.review(store, critical[0].flag_id, "confirmed", by="dana")
    turned_clock.at = NOW + timedelta(days=2)  # Friday
    assert [item.kind for item in overdue.find(store)] == ["cycle"]
    runs.start_audit(store, thread_id="t2", started_by="dana", run_id="r2")
    turned_clock.at = NOW + timedelta(days=2, minutes=29)
    assert overdue.find(store) == []
    turned_clock.at = NOW + timedelta(days=4)  # Sunday
    assert [item.kind for item in overdue.find(store)] == ["run"]


def test_a_run_may_take_half_an_hour(store: Store, turned_clock: TurnedClock) -> None:
    """Working longer than that it is stuck; waiting for people is the approval's matter."""
    runs.set_status(store, RUN, "open")
    turned_clock.sleep(29 * 60)
    assert overdue.find(store) == []
    turned_clock.sleep(2 * 60)
    assert [(item.kind, item.name) for item in overdue.find(store)] == [("run", RUN)]
