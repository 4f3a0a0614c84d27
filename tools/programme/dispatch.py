"""Start what may start: within the limits, in the plan's order; each task is put down for a worker once.

dispatch(store, run_id) -> Dispatched
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.core import clock as clocks
from tools.core.severity_levels import Risk
from tools.notices import notice
from tools.programme import dependencies, gate, lags, messages, records
from tools.programme.records import ProgrammeStanding
from tools.programme.steps import ProgrammeSteps, StepSpec
from tools.runs import tasks
from tools.store import Store
from tools.store import models as rows
from tools.store.models import Step

STEP: Final = "programme_step"
LAG: Final = "lag "  # why a programme is woken when a task has waited long enough
RUNNING: Final = ("queued", "running")
PRIORITIES: Final = {"LOW": "low", "MEDIUM": "medium", "HIGH": "high", "CRITICAL": "critical"}


@dataclass
class Dispatched:
    """What was started and dropped. decides: more is to be done than to start: a failure, a phase's end."""

    started: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    decides: bool = False


def dispatch(store: Store, run_id: str) -> Dispatched:
    """Start every task that may start now; drop those that never can; settle groups.

    Again, it changes nothing.
    """
    with store.begin() as session:
        row = records.hold(session, run_id)
        by = session.scalars(select(rows.Run.started_by).where(rows.Run.run_id == run_id)).one()
        programme = records.programme_of(session, run_id)
        board = _Board(programme, records.statuses(session, run_id), row, by)
        while _settle(store, session, board):
            pass
        ready = [name for name in records.in_turn(session, run_id) if board.may_start(name)]
        room = _Room(board.programme, row, _running(session, run_id)) if ready else None
        for name in ready:
            if room and _start(store, session, board, board.programme.steps[name], room):
                board.done.started.append(name)
        board.done.decides = "failed" in board.statuses.values() or gate.is_over(
            board.programme, board.statuses, row.phase
        )
        return board.done


@dataclass
class _Board:
    """A programme whose row is held: its tasks, their statuses as they become, and what was done."""

    programme: ProgrammeSteps
    statuses: dict[str, str]
    row: rows.Programme
    started_by: str
    done: Dispatched = field(default_factory=Dispatched)

    def may_start(self, name: str) -> bool:
        """Say whether a task waits for nothing any more."""
        if self.statuses[name] != "waiting":
            return False
        return dependencies.can_start(self.programme, self.statuses, self.row.phase, name)[0]


def _running(session: Session, run_id: str) -> list[Step]:
    return list(session.scalars(select(Step).where(Step.run_id == run_id, Step.status.in_(RUNNING))))


def _settle(store: Store, session: Session, board: _Board) -> bool:
    """Drop what never can start, and end groups whose parts have ended; say whether anything changed."""
    for name, step in board.programme.steps.items():
        if board.statuses[name] != "waiting":
            continue
        now = clocks.clock().now()
        if why := dependencies.never(board.programme, board.statuses, name):
            row = records.step_of(session, board.row.run_id, name)
            row.status, row.error, row.ended_at = "dropped", why, now
            records.happened(store, row.run_id, name, "dropped", details={"why": why}, wake=False)
            board.done.dropped.append(name)
        elif step.task.kind == "group" and board.may_start(name):
            row = records.step_of(session, board.row.run_id, name)
            row.status, row.started_at, row.ended_at = "done", now, now
            records.happened(store, row.run_id, name, "done", wake=False)
        else:
            continue
        board.statuses[name] = row.status
        return True
    return False


def _is_due(step: Step) -> bool:
    return step.not_before is None or step.not_before <= clocks.clock().now()


class _Room:
    """What the machines still have room for."""

    def __init__(self, programme: ProgrammeSteps, row: rows.Programme, running: Iterable[Step]) -> None:
        self.limits = programme.definition.limits
        self.parallel = row.parallel or self.limits.max_agents
        self.paused = row.paused
        self.memory = self.cores = self.tasks = 0
        self.classes: Counter[str] = Counter()
        for step in running:
            self.take(programme.steps[step.step_id], step)

    @property
    def none_for_any(self) -> str:
        """Say why no task at all may start on a machine; "" where one may."""
        if self.paused:
            return f"no new tasks start: {self.paused}"
        return f"{self.tasks} tasks run already" if self.tasks >= self.parallel else ""

    def take(self, spec: StepSpec, step: Step) -> None:
        """Count what a task takes."""
        self.tasks += 1
        self.memory += int(step.resources["memory_mb"])
        self.cores += int(step.resources["cpu_cores"])
        self.classes[spec.task.task_class] += 1

    def full(self, spec: StepSpec, step: Step) -> str:
        """Say what has no room for a task; "" where all has."""
        if self.none_for_any:
            return self.none_for_any
        if self.tasks and self.memory + int(step.resources["memory_mb"]) > self.limits.total_memory_mb:
            return "there is no memory left"
        if self.tasks and self.cores + int(step.resources["cpu_cores"]) > self.limits.total_cpu_cores:
            return "there are no cores left"
        if self.classes[spec.task.task_class] >= spec.max_parallel:
            return f"{spec.max_parallel} of class {spec.task.task_class} run already"
        return ""


def room_for(standing: ProgrammeStanding, name: str) -> str:
    """Say what has no room for a task that could start; "" where all has."""
    running = [step for step in standing.steps.values() if step.status in RUNNING]
    room = _Room(standing.programme, standing.row, running)
    return room.full(standing.programme.steps[name], standing.steps[name])


def _start(store: Store, session: Session, board: _Board, spec: StepSpec, room: _Room) -> bool:
    by_machine = spec.task.kind != "person"
    if by_machine and room.none_for_any:
        return False
    row = records.step_of(session, board.row.run_id, spec.id)
    _keep_lag(store, session, board.programme, spec, row)
    if not _is_due(row) or (by_machine and room.full(spec, row)):
        return False
    if not by_machine:
        _give_to_person(store, records.load(store, row.run_id), spec, row)
        return True
    row.status, row.tries, row.not_before = "queued", row.tries + 1, None
    board.statuses[spec.id] = row.status
    room.take(spec, row)
    session.flush()
    put_down(store, board.started_by, spec, row)
    return True


def _keep_lag(store: Store, session: Session, programme: ProgrammeSteps, spec: StepSpec, row: Step) -> None:
    """Put a task's first start off to the end of the lags behind what it waited for."""
    lagging = [link.task for link in spec.links if link.min_lag_hours]
    if not lagging or row.tries or row.not_before:
        return
    query = select(Step.step_id, Step.ended_at).where(Step.run_id == row.run_id, Step.step_id.in_(lagging))
    ended = {name: moment for name, moment in session.execute(query) if moment}
    row.not_before = lags.free_at(programme.definition, spec, ended)
    if not row.not_before or _is_due(row):
        return
    session.flush()
    details = {"until": row.not_before.isoformat(), "behind": lagging}
    records.happened(store, row.run_id, spec.id, "put_off", details=details, wake=False)
    seconds = (row.not_before - clocks.clock().now()).total_seconds()
    records.wake_up(store, row.run_id, f"{LAG}{spec.id}", seconds)


def put_down(store: Store, started_by: str, spec: StepSpec, row: Step) -> None:
    """Put a queued task down for a worker, in the name of whoever started the programme, and say so."""
    run_id = row.run_id
    parameters = {"run_id": run_id, "step_id": spec.id, "tries": row.tries}
    tasks.enqueue(
        store,
        STEP,
        parameters,
        key=f"{STEP} {run_id} {spec.id} {row.tries}",
        run_id=run_id,
        requested_by=started_by,
    )
    criteria = [
        (name, bound, value)
        for name, bounds in spec.task.success_criteria.items()
        for bound, value in (("min", bounds.min), ("max", bounds.max))
        if value is not None
    ]
    details = messages.TaskDetails(
        task_id=spec.id,
        task_type=spec.task.task_class,
        role=spec.task.role or spec.task.name,
        priority=PRIORITIES[spec.task.risk],
        timeout_seconds=float(row.resources["timeout_seconds"]),
        resources=messages.MachineResources(
            **{name: int(row.resources[name]) for name in ("memory_mb", "cpu_cores", "disk_mb")}
        ),
        execution_template=spec.task.template or spec.task.kind,
        dependencies=[link.task for link in spec.links],
        success_criteria=messages.named_bounds(criteria),
    )
    heading = messages.heading(run_id, spec.id, "assign", row.tries)
    assignment = messages.TaskAssignment(
        **heading, orchestrator_id=run_id, target_agent="next free worker", task_details=details
    )
    messages.send(store, run_id, spec.id, assignment)
    records.happened(store, run_id, spec.id, "queued", details={"tries": row.tries}, wake=False)


def _give_to_person(store: Store, standing: ProgrammeStanding, spec: StepSpec, row: Step) -> None:
    planned = standing.plan.schedule["tasks"].get(spec.id, {}) if standing.plan else {}
    row.status, row.started_at, row.tries = "with_person", clocks.clock().now(), row.tries + 1
    row.person = str(row.resources.get("person") or planned.get("person") or spec.task.preparer)
    details = {"person": row.person, "until": str(planned.get("finish", ""))}
    records.happened(store, row.run_id, spec.id, "given", details=details, wake=False)
    tell(
        store,
        standing,
        f"given-{spec.id}",
        f"{row.person or 'Somebody'} is to do {spec.id}: {spec.task.name}",
        why=" ".join(filter(None, (spec.task.procedure, _planned_until(planned)))),
    )


def _planned_until(planned: dict[str, str]) -> str:
    finish = str(planned.get("finish", ""))[:16].replace("T", " ")
    return f"It is planned to end by {finish} UTC." if finish else ""


def tell(
    store: Store, standing: ProgrammeStanding, name: str, title: str, *, why: str = "", risk: Risk = "MEDIUM"
) -> None:
    """Tell people about a programme, once under a name."""
    about = notice.Notice(
        origin_id=standing.run.run_id,
        kind="approval",
        risk=risk,
        title=title,
        entity=standing.programme.definition.entity or standing.row.name,
        why=[why] if why else [],
        page=f"programmes/{standing.run.run_id}",
        command=f"tieout programme status --run {standing.run.run_id}",
    )
    notice.tell(store, name, about)


def next_retry(standing: ProgrammeStanding) -> datetime | None:
    """Give when the next task that waits for a retry is due."""
    times = [
        step.not_before for step in standing.steps.values() if step.status == "waiting" and step.not_before
    ]
    return min(times, default=None)
