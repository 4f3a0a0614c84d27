"""Honest work verifies whole: whatever the desk does, in any order, by several at once, or killed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.store.conftest import start
from tests.store.filled_desk import JAN, draft, fill_desk, flag
from tests.store.test_concurrency import process, wait_until_killed
from tools.approvals import requests
from tools.core.errors import RunError, SettingsError
from tools.runs import tasks
from tools.store import (
    Store,
    aliases,
    anchor,
    cases,
    connect,
    flags,
    migrate,
    outbox,
    runs,
    trail,
    upgrade,
    windows,
)
from tools.store.models import Verdict, metadata
from tools.store.row_digests import UNSEALED_COLUMNS, UNSEALED_TABLES


def problems(store: Store, run_id: str | None = None) -> list[str]:
    """Give what verifying finds, as text."""
    return [str(problem) for problem in trail.verify(store, run_id)]


def _live(store: Store) -> list[str]:
    return [run.run_id for run in runs.list_runs(store) if run.status not in runs.FINAL]


def _start(store: Store, number: int) -> None:
    runs.start_audit(store, thread_id=f"r{number}", started_by="dana", entity="EF"[number % 2])


def _take(store: Store, number: int) -> None:
    for run_id in _live(store)[: number + 1]:
        windows.take(store, run_id, runs.audit(store, run_id).entity, ["card", "bank"][: 1 + number % 2], JAN)


def _propose(store: Store, number: int) -> None:
    for run_id in _live(store)[:1]:
        raised = [flag(n % 6, severity=("INFO", "CRITICAL")[number % 2]) for n in range(number)]
        flags.propose(store, run_id, raised, withdraw=number % 3 == 0)
        case = {"case_id": f"c{number}", "title": "Twice", "exposure_minor": number, "currency": "USD"}
        cases.save(store, run_id, [case])


def _decide(store: Store, number: int) -> None:
    for run_id in _live(store)[:1]:
        flag_ids = [row.flag_id for row in flags.find(store, run_id=run_id)][:number]
        flags.decide(store, run_id, dict.fromkeys(flag_ids, ("approved", "rejected")[number % 2]), by="lee")


def _review(store: Store, number: int) -> None:
    flag_ids = [row.flag_id for row in flags.find(store)][:number]
    flags.review_all(store, flag_ids, ("confirmed", "false_positive")[number % 2], by="kim", note=f"{number}")


def _ask(store: Store, number: int) -> None:
    for run_id in _live(store)[:2]:
        request = requests.ask(store, run_id, draft(f"gate{number % 3}", "gate", need=2))["request_id"]
        outbox.queue(store, outbox.Origin("run", run_id), f"ask{number}", "seniors", {"request": request})


def _answer(store: Store, number: int) -> None:
    for request in requests.waiting(store)[:1]:
        by = ("lee", "kim")[number % 2]
        answer: dict[str, Verdict] = {"gate": "approve" if number % 4 < 2 else "reject"}
        with suppress(RunError):  # the person changes their mind on what is settled
            requests.decide(store, request.request_id, answer, by=by, roles=["approver"], note="\ud800\x00")
        if number % 3 == 0:
            requests.close(store, request.request_id, "answered")


def _send(store: Store, number: int) -> None:
    batch = outbox.claim(store)
    if batch and number % 2:
        outbox.mark_sent(store, batch)
    elif batch:
        outbox.failed(store, batch, "away", wait_seconds=0, most=2)
        outbox.requeue(store)


def _end(store: Store, number: int) -> None:
    for run_id in _live(store)[:1]:
        if number % 2:
            carried = [{"pair": "p", "row_key": f"card:{n}", "source": "card"} for n in range(number)]
            windows.close(store, run_id, outcome="flagged", carried=carried)
        else:
            windows.abandon(store, run_id, by="dana")


def _learn(store: Store, number: int) -> None:
    for run_id in _live(store)[:1]:
        rows = [{"alias_key": f"a{n}", "vendor_key": "v", "confidence": n / 10} for n in range(number)]
        aliases.learn(store, run_id, "E", rows)


def _work(store: Store, number: int) -> None:
    tasks.enqueue(store, "audit", {"n": number}, key=f"t{number}")
    if number % 2:
        tasks.claim(store, "w", ["audit"])


def _fail(store: Store, number: int) -> None:
    """Write, then think better of it."""
    with suppress(RunError), store.begin() as session:
        _start(store, 90 + number)
        session.flush()
        _refuse()


def _refuse() -> None:
    raise RunError("not so")


ACTS: tuple[Callable[[Store, int], None], ...] = (
    _start,
    _take,
    _propose,
    _decide,
    _review,
    _ask,
    _answer,
    _send,
    _end,
    _learn,
    _work,
    _fail,
)
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 8)), min_size=3, max_size=25)


@settings(max_examples=5, deadline=None)
@given(steps=STEPS, together=st.booleans())
def test_any_honest_work_verifies(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[Any], *, together: bool
) -> None:
    """Any acts of the desk in any order, each by itself or all in one transaction: nothing is found."""
    folder = tmp_path_factory.mktemp("honest")
    shutil.copy(migrated_file, folder / "tieout.db")
    store = connect(f"sqlite:///{folder / 'tieout.db'}")
    store.anchor_path = folder / "tieout.anchor"
    _start(store, 0)
    if together:
        with store.begin():
            for act, number in steps:
                act(store, number)
    else:
        for act, number in steps:
            act(store, number)
    assert problems(store) == []
    assert [problems(store, run.run_id) for run in runs.list_runs(store)] == [[]] * len(runs.list_runs(store))
    store.close()
    shutil.rmtree(folder)


def test_many_at_once_verify(store: Store) -> None:
    """Threads that start, flag, decide and end runs side by side leave seals in one order."""
    start(store, "r0")
    flags.propose(store, "r0", [flag(number) for number in range(8)])
    flag_ids = [row.flag_id for row in flags.find(store)]

    def act(number: int) -> None:
        windows.take(store, start(store, f"r{number}", entity=f"E{number}"), f"E{number}", ["card"], JAN)
        for turn in range(3):
            flags.review_all(store, flag_ids, "confirmed", by=f"kim {number}", note=f"{turn}")
            outbox.queue(store, outbox.Origin("run", "r0"), f"ask{turn}", "seniors", {})
            batch = outbox.claim(store)
            if batch:
                outbox.mark_sent(store, batch)
        windows.abandon(store, f"r{number}", by="dana")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(1, 7)))
    assert problems(store) == []


def test_processes_take_turns_at_the_anchor(store: Store, url: str) -> None:
    """Each line follows from the one before, whoever wrote it, and the last says where the store is."""
    start(store)
    working = [process(url, "append") for _ in range(3)]
    assert [worker.outcome() for worker in working] == [("", 0)] * 3
    assert problems(store) == []
    last = anchor.tail_of(store).splitlines()[-1]
    assert f'"seq":{len(trail.entries(store, trail.SEALS))}' in last


@pytest.mark.postgresql_for("before_anchoring")
@pytest.mark.parametrize("death", ["before_commit", "after_commit", "before_anchoring"])
def test_a_death_around_the_anchor_is_no_tampering(store: Store, url: str, death: str) -> None:
    """The anchor may lag by what was committed last; the next commit catches up, and nothing was found."""
    start(store)
    wait_until_killed(process(url, "close", death=death))
    assert problems(store) == []
    start(store, "r2")
    assert problems(store) == []


def test_a_torn_line_is_no_tampering(store: Store) -> None:
    """What a failing machine leaves at the end of the anchor is passed over; the next line begins anew."""
    start(store)
    with anchor.path_of(store).open("a") as file:
        file.write('{"anchor":"')
    assert problems(store) == []
    start(store, "r2")
    assert problems(store) == []


def test_an_anchor_that_cannot_be_written_stops_the_commit(store: Store, tmp_path: Path) -> None:
    """Nothing is committed that could not be anchored; the error says what to set."""
    store.anchor_path = tmp_path / "file" / "anchor"
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"cannot keep the anchor.*TIEOUT_TRAIL_ANCHOR"):
        start(store)
    assert runs.list_runs(store) == []


def test_what_is_not_sealed_exists() -> None:
    """The lists of what is left out name no table or column that is gone, and each says why."""
    tables = metadata().tables
    assert {*UNSEALED_TABLES} <= {*tables}
    assert {
        (name, column) for name, column in UNSEALED_COLUMNS if column not in tables[name].columns
    } == set()
    assert all([*UNSEALED_TABLES.values(), *UNSEALED_COLUMNS.values()])


NEXT = """
from alembic import context

revision, down_revision, branch_labels, depends_on = "9000", "{head}", None, None


def upgrade() -> None:
    context.config.attributes["unsealed before"] = {unsealed!r}
"""


def _next_version(folder: Path, patch: pytest.MonkeyPatch, unsealed: str | None = None) -> None:
    """Let this version of the code know one migration more. unsealed: the version that began to seal."""
    shutil.copytree(migrate.MIGRATIONS, folder / "migrations")
    text = NEXT.format(head=migrate.HEAD, unsealed=unsealed)
    (folder / "migrations" / "versions" / "v9000_next.py").write_text(text)
    patch.setattr(migrate, "MIGRATIONS", folder / "migrations")
    patch.setattr(migrate, "HEAD", "9000")


def test_a_store_from_before_the_seals_verifies(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows count as they stand when it is migrated, as verifying says; from then on edits are found."""
    fill_desk(store)
    _unseal(store)
    _next_version(tmp_path, monkeypatch, unsealed="0020")
    upgrade(store)
    assert problems(store) == []
    (note,) = trail.notes(store)
    assert "rows were there before version 0020 sealed them" in note
    with store.begin() as session:
        session.execute(text("UPDATE flag SET vendor = 'Another' WHERE txn_id = 't1'"))
    assert any("vendor is Another, the trail recorded Vendor 1" in line for line in problems(store)), (
        problems(store)
    )


def _unseal(store: Store) -> None:
    """Make it as the version before left it: no seals, no anchor."""
    with store.begin() as session:
        if store.dialect == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            triggers = session.execute(
                text("SELECT sql, name FROM sqlite_master WHERE type = 'trigger'")
            ).all()
            for _, name in triggers:
                session.execute(text(f'DROP TRIGGER "{name}"'))
        for table in ("trail", "trail_head"):
            session.execute(text(f"DELETE FROM {table} WHERE run_id = 'seals'"))  # noqa: S608 - our own tables
    anchor.path_of(store).unlink()


def test_a_migration_seals_anew_and_launders_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was changed before a migration stays a finding after it."""
    fill_desk(store)
    assert problems(store) == []
    with store.begin() as session:
        session.execute(text("UPDATE flag SET severity = 'INFO' WHERE txn_id = 't1'"))
    _next_version(tmp_path, monkeypatch)
    upgrade(store)
    assert any("severity is INFO, the trail recorded CRITICAL" in line for line in problems(store)), problems(
        store
    )
