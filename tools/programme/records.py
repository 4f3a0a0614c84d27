"""What the store has of a programme: its definition, plan, tasks, events; and what wakes its graph.

begin(store, run_id, ...)                    once a run
load(store, run_id) -> Standing              all of it as it is now
happened(session, run_id, step_id, kind, ...)   an event, and the wake-up of the graph, in one transaction
events_after(store, run_id, event_no)        what the graph has not taken yet
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from tools.core.clock import clock
from tools.core.digest import digest
from tools.core.errors import RunError
from tools.programme import steps as laid_out
from tools.programme.steps import ProgrammeSteps
from tools.runs import tasks
from tools.store import Store, runs
from tools.store import models as rows
from tools.store.database import lock
from tools.store.models import Plan, Run, Step, StepEvent
from tools.store.writes import insert_new

GRAPH: Final = "programme"
WAKE: Final = "wake_programme"
WAKE_ATTEMPTS: Final = 20


@dataclass(frozen=True)
class _Definition:
    """A definition, known by its digest: it never changes once a programme has begun."""

    digest: str
    content: Callable[[], Mapping[str, Any]] = field(compare=False)


@lru_cache(maxsize=8)
def _laid_out(definition: _Definition) -> ProgrammeSteps:
    """Lay a definition out once: a wake looks at it a dozen times, and each task twice."""
    return laid_out.of(definition.content())


@dataclass(frozen=True)
class ProgrammeStanding:
    """A programme as it stands: its run, its row, its plan in force, its tasks by id.

    prepared: tasks whose paper its preparer has signed, and nobody made void, while any is with people.
    """

    run: Run
    row: rows.Programme
    plan: Plan | None
    steps: Mapping[str, Step]
    prepared: frozenset[str] = frozenset()

    @cached_property
    def programme(self) -> ProgrammeSteps:
        """Give the programme as it was read when it was started."""
        return _laid_out(_Definition(self.row.digest, lambda: self.row.definition))

    @property
    def statuses(self) -> dict[str, str]:
        """Give the status of each task."""
        return {name: step.status for name, step in self.steps.items()}

    @property
    def live(self) -> bool:
        """Say whether it has not ended."""
        return self.run.status not in runs.FINAL


def begin(store: Store, run_id: str, programme: ProgrammeSteps, source: str) -> None:
    """Write a programme and its tasks, all waiting; again, it changes nothing."""
    definition = programme.definition.model_dump(mode="json", by_alias=True)
    row = {
        "run_id": run_id,
        "name": programme.definition.name,
        "version": programme.definition.version,
        "source": source,
        "definition": definition,
        "digest": digest(definition),
        "taken": 0,
        "paused": "",
        "parallel": 0,
        "phase": programme.phases[0],
    }
    blank = {"tries": 0, "figures": {}, "remedies": [], "progress": {}, "status": "waiting"}
    blank |= dict.fromkeys(("worker", "person", "error_kind", "error"), "")
    fresh = [
        {
            **blank,
            "run_id": run_id,
            "step_id": name,
            "resources": {**step.resources.model_dump(), "timeout_seconds": step.timeout_seconds},
        }
        for name, step in programme.steps.items()
    ]
    with store.begin() as session:
        insert_new(session, rows.Programme, [row])
        insert_new(session, Step, fresh)


def load(store: Store, run_id: str) -> ProgrammeStanding:
    """Give a programme as it stands. Raises RunError for a run that is none."""
    with store.read() as session:
        run = runs.get(store, run_id)
        row = session.get(rows.Programme, run_id)
        if row is None:
            raise RunError(
                f"run {run_id} is of {run.graph}, not a programme.", remedy="'tieout programme' lists them."
            )
        plan = session.scalar(
            select(Plan).where(Plan.run_id == run_id).order_by(Plan.version.desc()).limit(1)
        )
        steps = {step.step_id: step for step in session.scalars(select(Step).where(Step.run_id == run_id))}
        is_signed = any(step.status == "with_person" for step in steps.values())
        prepared = _prepared(session, run_id) if is_signed else frozenset()
        standing = ProgrammeStanding(run, row, plan, steps, prepared)
        standing.programme  # noqa: B018 - laid out while the row is at hand
        return standing


def _prepared(session: Session, run_id: str) -> frozenset[str]:
    signed = (rows.SignOff.run_id == run_id, rows.SignOff.role == "preparer", rows.SignOff.void == "")
    return frozenset(session.scalars(select(rows.SignOff.step_id).where(*signed)))


def programme_of(session: Session, run_id: str) -> ProgrammeSteps:
    """Give a programme's tasks as they were read when it was started. Raises RunError for a run of none."""
    row = rows.Programme
    digest_ = session.scalar(select(row.digest).where(row.run_id == run_id))
    if digest_ is None:
        raise RunError(f"there is no programme '{run_id}'.")
    content = select(row.definition).where(row.run_id == run_id)
    return _laid_out(_Definition(digest_, lambda: session.scalars(content).one()))


def in_turn(session: Session, run_id: str) -> tuple[str, ...]:
    """Name a programme's tasks as the plan in force has them start; in the file's order without one."""
    version = session.scalar(select(func.max(Plan.version)).where(Plan.run_id == run_id))
    names = tuple(programme_of(session, run_id).steps)
    if version is None:
        return names
    plan = select(Plan.schedule).where(Plan.run_id == run_id, Plan.version == version)
    return _order(_Planned(run_id, version, names, lambda: session.scalars(plan).one()["tasks"]))


@dataclass(frozen=True)
class _Planned:
    """A version of a plan, which never changes."""

    run_id: str
    version: int
    names: tuple[str, ...] = field(compare=False)
    tasks: Callable[[], Mapping[str, Any]] = field(compare=False)


@lru_cache(maxsize=8)
def _order(plan: _Planned) -> tuple[str, ...]:
    tasks_planned = plan.tasks()
    return tuple(sorted(plan.names, key=lambda name: str(tasks_planned.get(name, {}).get("start", ""))))


def statuses(session: Session, run_id: str) -> dict[str, str]:
    """Give the status of each task."""
    query = select(Step.step_id, Step.status).where(Step.run_id == run_id)
    return {row.step_id: row.status for row in session.execute(query)}


def exists(store: Store, run_id: str) -> bool:
    """Say whether a run's programme was written: one that was killed as it began has none."""
    with store.read() as session:
        return session.get(rows.Programme, run_id) is not None


def last_event(store: Store, run_id: str) -> int:
    """Give the number of a programme's last event; 0 before the first."""
    query = select(func.max(StepEvent.event_no)).where(StepEvent.run_id == run_id)
    with store.read() as session:
        return session.scalar(query) or 0


def find(store: Store, name: str = "") -> str:
    """Give the run of the programme that a person means: its id, or how that begins; else the newest."""
    if name:
        return runs.find_any(store, name).run_id
    newest = runs.list_runs(store, kind=GRAPH, limit=1)
    if not newest:
        raise RunError("there are no programmes yet.", remedy="'tieout programme run FILE' starts one.")
    return newest[0].run_id


def hold(session: Session, run_id: str) -> rows.Programme:
    """Give a programme's row, locked: events and what takes them are in one order. Raises RunError."""
    lock(session, f"programme:{run_id}")
    light = [defer(rows.Programme.definition)]  # it never changes, and is most of the row
    row = session.get(rows.Programme, run_id, populate_existing=True, options=light)
    if row is None:
        raise RunError(f"there is no programme '{run_id}'.")
    return row


def step_of(session: Session, run_id: str, step_id: str) -> Step:
    """Give a task's row, to be changed. Raises RunError for a name that is none."""
    step = session.get(Step, (run_id, step_id), populate_existing=True)
    if step is None:
        raise RunError(
            f"there is no task '{step_id}' in this programme.", remedy="'tieout programme status' lists them."
        )
    return step


def happened(
    store: Store,
    run_id: str,
    step_id: str,
    kind: str,
    *,
    by: str = "tieout",
    details: Mapping[str, Any] | None = None,
    wake: bool = True,
) -> None:
    """Record an event and wake the graph that waits for it, in the transaction that this thread is in."""
    with store.begin() as session:
        lock(session, f"programme:{run_id}")
        session.add(
            StepEvent(
                run_id=run_id,
                step_id=step_id,
                kind=kind,
                by=by,
                at=clock().now(),
                details=dict(details or {}),
            )
        )
        if wake:
            session.flush()
            wake_up(store, run_id, f"after {hold(session, run_id).taken}")


def wake_up(store: Store, run_id: str, why: str, delay_seconds: float = 0.0) -> None:
    """Put down that the graph goes on, once for each reason."""
    tasks.enqueue(
        store,
        WAKE,
        {"run_id": run_id, "why": why},
        key=f"{WAKE} {run_id} {why}",
        run_id=run_id,
        priority=1,
        max_attempts=WAKE_ATTEMPTS,
        delay_seconds=delay_seconds,
    )


def looks_a_minute(store: Store, run_id: str, tick_seconds: float) -> list[float]:
    """Give after how many seconds of a tick a programme looks at its tasks and workers: at least at once.

    A programme whose file was never read looks once.
    """
    if not exists(store, run_id):
        return [0.0]
    every = load(store, run_id).programme.definition.monitoring.health_check_interval
    return [number * every for number in range(max(1, math.ceil(tick_seconds / every)))]


def events_after(store: Store, run_id: str, event_no: int) -> list[StepEvent]:
    """Give a programme's events behind one, in order."""
    query = select(StepEvent).where(StepEvent.run_id == run_id, StepEvent.event_no > event_no)
    with store.read() as session:
        return list(session.scalars(query.order_by(StepEvent.event_no)))


def messages_after(store: Store, run_id: str, number: int) -> list[rows.ProgrammeMessage]:
    """Give a programme's messages behind one, in order."""
    message = rows.ProgrammeMessage
    query = select(message).where(message.run_id == run_id, message.message_no > number)
    with store.read() as session:
        return list(session.scalars(query.order_by(message.message_no)))


def take(store: Store, run_id: str) -> list[StepEvent]:
    """Take the events that the graph has not seen; those that follow wake it anew."""
    with store.begin() as session:
        row = hold(session, run_id)
        fresh = events_after(store, run_id, row.taken)
        if fresh:
            row.taken = fresh[-1].event_no
        return fresh
