"""Windows: each day audited, none lost, none held twice."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.approval_requests import ask_people
from tests.store.conftest import start
from tools.approvals import requests
from tools.store import Store, open_items, open_store, runs, windows

JAN, FEB, MAR = date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)
DAY = timedelta(days=1)
FIRST = date(2025, 1, 1)


def take(
    store: Store, run_id: str, to_day: date, *sources: str, entity: str = "E"
) -> dict[str, windows.Window]:
    """Start a run and take its window."""
    return windows.take(store, start(store, run_id, entity=entity), entity, sources or ("card",), to_day)


def close(store: Store, run_id: str) -> None:
    """Close a run."""
    windows.close(store, run_id, outcome="clean")


def test_a_run_that_waits_does_not_hold_up_the_next(store: Store) -> None:
    """The next window starts behind the claim; the watermark follows only when both are closed."""
    assert take(store, "r1", JAN) == {"card": (None, JAN)}
    assert take(store, "r2", FEB) == {"card": (JAN + DAY, FEB)}
    close(store, "r2")
    assert windows.watermarks(store, "E") == {}
    close(store, "r1")
    assert windows.watermarks(store, "E") == {"card": FEB}


def test_an_abandoned_window_is_audited_again(store: Store) -> None:
    """A window that is given back comes first, up to the next one that somebody holds."""
    take(store, "r1", JAN)
    take(store, "r2", FEB)
    windows.abandon(store, "r1", by="dana", reason="wrong file")
    assert take(store, "r3", MAR) == {"card": (None, JAN)}
    close(store, "r2")
    close(store, "r3")
    assert windows.watermarks(store, "E") == {"card": FEB}
    assert take(store, "r4", MAR) == {"card": (FEB + DAY, MAR)}


def test_nothing_new_is_an_empty_window(store: Store) -> None:
    """The same books again: the window begins behind its end, and closing moves nothing."""
    take(store, "r1", JAN)
    close(store, "r1")
    assert take(store, "r2", JAN) == {"card": (JAN + DAY, JAN)}
    close(store, "r2")
    assert windows.watermarks(store, "E") == {"card": JAN}


def test_taking_again_gives_the_same(store: Store) -> None:
    """A replay of the opening has the window that the run has."""
    first = take(store, "r1", JAN, "bank", "card")
    again = windows.take(store, "r1", "E", ["bank", "card"], FEB)
    assert first == again == windows.of_run(store, "r1")


def test_sources_have_their_own_watermarks(store: Store) -> None:
    """A source that joins later is read from its beginning; both end on one day."""
    take(store, "r1", JAN)
    close(store, "r1")
    assert take(store, "r2", FEB, "bank", "card") == {"bank": (None, FEB), "card": (JAN + DAY, FEB)}
    close(store, "r2")
    assert windows.watermarks(store, "E") == {"bank": FEB, "card": FEB}
    assert windows.watermarks(store, "F") == {}


def test_closing_again_changes_nothing(store: Store) -> None:
    """A replay of the close gives the run as it was closed."""
    take(store, "r1", JAN)
    first = windows.close(store, "r1", outcome="clean", counts={"rows": 3})
    again = windows.close(store, "r1", outcome="other", counts={"rows": 4})
    assert (again.outcome, again.counts, again.ended_at) == ("clean", {"rows": 3}, first.ended_at)


def test_an_abandoned_run_asks_nobody(store: Store) -> None:
    """Its requests are closed with it; abandoning again changes nothing."""
    take(store, "r1", JAN)
    ask_people(store, "r1", "gate", needs={"gate": 1})
    windows.abandon(store, "r1", by="dana", reason="wrong file")
    run = windows.abandon(store, "r1", by="lee")
    assert (run.status, run.outcome) == ("abandoned", "abandoned by dana: wrong file")
    assert requests.waiting(store) == []


def test_open_items_are_carried_in_the_close(store: Store) -> None:
    """What stays unmatched keeps the run since which it is open; what matched is gone."""
    for name, rows in (("r1", "ab"), ("r2", "bc"), ("r3", None)):
        start(store, name)
        carried = None if rows is None else [{"pair": "p", "row_key": row, "source": "card"} for row in rows]
        windows.close(store, name, outcome="clean", carried=carried)
    items = [(item.row_key, item.since_run_id) for item in open_items.of_entity(store, "E")]
    assert items == [("b", "r1"), ("c", "r2")]


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give one store for all examples: each has an entity of its own."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('claims') / 't.db'}")
    yield store
    store.close()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(1, 12)),
        st.tuples(st.sampled_from(["close", "abandon"]), st.integers(0, 20)),
    ),
    max_size=8,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_day_is_lost_and_none_is_held_twice(shared_store: Store, steps: list[tuple[str, int]]) -> None:
    """However runs are opened, closed and abandoned, all days end up in a closed run."""
    entity, opened = uuid.uuid4().hex, list[str]()
    for step, number in [*steps, *[("close", 0)] * 8]:
        if step == "take":
            opened.append(f"{entity}-{len(opened)}-{number}")
            take(shared_store, opened[-1], FIRST + number * DAY, entity=entity)
        elif alive := [name for name in opened if runs.get(shared_store, name).status == "open"]:
            name = alive[number % len(alive)]
            close(shared_store, name) if step == "close" else windows.abandon(shared_store, name, by="dana")
        else:
            continue
        assert _no_day_twice(shared_store, opened)
        assert _audited(shared_store, opened, windows.watermarks(shared_store, entity).get("card"))
    while True:
        opened.append(f"{entity}-last-{len(opened)}")
        start_day, end = take(shared_store, opened[-1], FIRST + 12 * DAY, entity=entity)["card"]
        close(shared_store, opened[-1])
        if start_day is not None and start_day > end:
            break
    assert windows.watermarks(shared_store, entity) == {"card": FIRST + 12 * DAY}


def _days(store: Store, names: list[str], status: str) -> list[date]:
    days = []
    for name in names:
        start_day, end = windows.of_run(store, name)["card"]
        count = (end - (start_day or FIRST)).days + 1
        if runs.get(store, name).status == status:
            days += [(start_day or FIRST) + n * DAY for n in range(count)]
    return days


def _no_day_twice(store: Store, names: list[str]) -> bool:
    days = _days(store, names, "open")
    return len(days) == len(set(days))


def _audited(store: Store, names: list[str], mark: date | None) -> bool:
    closed = set(_days(store, names, "closed"))
    return mark is None or all(FIRST + n * DAY in closed for n in range((mark - FIRST).days + 1))
