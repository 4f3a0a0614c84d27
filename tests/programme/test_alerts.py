"""Alerts of a programme act, each once, and what they did is taken back when they are over."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.programme.desks import PASSES, Task, settle, standing_of, start, write
from tools.core import settings
from tools.core.clock import clock
from tools.core.digest import digest
from tools.programme import alerts, asking, dispatch, opening, records
from tools.programme.steps import ProgrammeError
from tools.runs import leases, tasks
from tools.store import Store, close_stores, incidents, open_store, outbox, workers
from tools.store.models import Plan, Programme, Step, WorkerProcess

IDS = [f"A{number}" for number in range(1, 9)]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Give a desk's folder with a programme of eight commands, of which no worker has begun any."""
    folder = tmp_path_factory.mktemp("begun")
    named: list[Task] = [{"id": name, "test": PASSES} for name in IDS]
    deadline = (clock().now() + timedelta(days=1)).isoformat()
    with pytest.MonkeyPatch.context() as patch:
        settle(folder, patch)
        started = start(write(folder, named, limits={"max_agents": 4}, deadline=deadline))
    close_stores()
    return folder, started.run_id


@pytest.fixture
def run_id(begun: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give a copy of that programme in a desk of the test's own."""
    folder, name = begun
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    settle(tmp_path, monkeypatch)
    return name


@pytest.fixture
def store(run_id: str) -> Iterator[Store]:
    """Give the store of that desk."""
    assert run_id
    opened = open_store(settings.load().database_url)
    yield opened
    opened.close()


def _set(store: Store, run_id: str, name: str, **columns: object) -> None:
    with store.begin() as session:
        session.execute(update(Step).where(Step.run_id == run_id, Step.step_id == name).values(columns))


def _names(store: Store, run_id: str) -> set[str]:
    return {alert.name for alert in alerts.act(store, run_id, memory=lambda: 0.5)}


def test_many_failures_pause_new_tasks(store: Store, run_id: str) -> None:
    """Nothing more starts; once fewer have failed, it does."""
    for name, status in zip(IDS, ["done"] * 3 + ["failed"] * 2, strict=False):
        _set(store, run_id, name, status=status)
    assert _names(store, run_id) == {"high_failure_rate"}
    assert dispatch.dispatch(store, run_id).started == []
    assert standing_of(store, run_id).row.paused == "2 of 5 tasks failed"
    _set(store, run_id, "A5", status="done")
    _set(store, run_id, "A4", status="done")
    assert _names(store, run_id) == set()
    assert set(dispatch.dispatch(store, run_id).started) == set(IDS[5:])


def test_little_memory_means_fewer_at_a_time(store: Store, run_id: str) -> None:
    """Half of the three that run; afterwards as many as before."""
    alerts.act(store, run_id, memory=lambda: 0.95)
    assert standing_of(store, run_id).row.parallel == 1
    for name in IDS[:3]:
        _set(store, run_id, name, status="done")
    assert len(dispatch.dispatch(store, run_id).started) == 1
    assert _names(store, run_id) == set()
    assert standing_of(store, run_id).row.parallel == 0
    assert len(dispatch.dispatch(store, run_id).started) == 2


def test_a_silent_worker_loses_its_task(store: Store, run_id: str) -> None:
    """Another gets it at once, under a token of its own; what the first writes then is refused."""
    lease = tasks.claim(store, "w1", [dispatch.STEP])
    assert lease is not None
    _set(store, run_id, str(lease.parameters["step_id"]), status="running", worker="w1")
    workers.beat(store, "w1", "here", 1, memory_mb=1, cpu_percent=1, latency_ms=1)
    with store.begin() as session:
        silent = {"heartbeat_at": clock().now() - timedelta(seconds=121)}
        session.execute(update(WorkerProcess).values(silent))
    assert _names(store, run_id) == {"agent_unresponsive"}
    claims = [tasks.claim(store, "w2", [dispatch.STEP]) for _ in range(4)]
    assert lease.task_id in {each.task_id for each in claims if each}
    with pytest.raises(leases.LostLeaseError):
        leases.succeed(store, lease, {})


def test_slow_tasks_are_asked_why(store: Store, run_id: str) -> None:
    """An incident is open, once, and a worker has it to look into."""
    now = clock().now()
    for name in IDS[:3]:
        _set(store, run_id, name, status="done", started_at=now - timedelta(seconds=9), ended_at=now)
    assert _names(store, run_id) == {"performance_degradation"}
    assert _names(store, run_id) == {"performance_degradation"}
    (incident,) = incidents.find(store)
    assert incident.question["run_id"] == run_id
    task = tasks.of_key(store, f"incident {incident.incident_id}")
    assert task is not None
    assert task.status == "ready"


def test_what_runs_too_long_is_said(store: Store, run_id: str) -> None:
    """A phase of machines past its time, and a plan that cannot hold is made anew."""
    _set(store, run_id, "A1", status="running", started_at=clock().now() - timedelta(seconds=601))
    assert _names(store, run_id) == {"phase_overdue"}
    _set(store, run_id, "A1", status="done", ended_at=clock().now())
    plan = standing_of(store, run_id).plan
    assert plan is not None
    late = {**plan.schedule, "finish": (clock().now() + timedelta(days=2)).isoformat()}
    with store.begin() as session:
        session.execute(update(Plan).where(Plan.run_id == run_id).values(schedule=late))
    _names(store, run_id)
    again = standing_of(store, run_id).plan
    assert again is not None
    assert again.version == plan.version + 1
    assert "it will end on" in again.reason


def test_whoever_the_file_names_is_told_when_a_person_is_asked(
    store: Store, run_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though the settings tell that recipient of nothing else; a name that nobody has is refused."""
    recovery = {"human_notification_webhook": "ops"}
    path = write(tmp_path, [{"id": "B1", "test": PASSES}], recovery=recovery)
    with pytest.raises(ProgrammeError, match="'ops' is no recipient of notices"):
        opening.open_programme("named", "riley", str(path), None)
    monkeypatch.setenv("TIEOUT_NOTIFY", '{"ops": {"url": "json://127.0.0.1:9/", "kinds": ["letters"]}}')
    definition = {**standing_of(store, run_id).row.definition, "recovery": recovery}
    with store.begin() as session:
        session.execute(update(Programme).values(definition=definition, digest=digest(definition)))
    _set(store, run_id, "A1", status="escalated", error_kind="calculation_error", error="1 == 2")
    assert asking.ask_person(run_id) is not None
    (queued,) = outbox.pending(store)
    assert (queued.recipient, queued.origin_id) == ("ops", run_id)


def test_a_programme_is_looked_at_as_often_as_it_says(store: Store, run_id: str) -> None:
    """At each tick, and every thirty seconds after it."""
    assert records.looks_a_minute(store, run_id, 60) == [0, 30]
    assert records.looks_a_minute(store, "none", 60) == [0]
