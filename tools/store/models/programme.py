"""Programmes: their plans, how each task stands, what happened, what was said, signed and filed; workers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tools.store.columns import BIG_KEY, Base, CleanText

StepStatus = Literal[
    "waiting",  # for what it depends on
    "queued",  # a worker may take it
    "running",
    "with_person",  # a person does it, or has to sign it
    "failed",  # and what to do about it is not settled
    "escalated",  # a person is asked what to do
    "done",
    "accepted",  # it failed, and a person accepted that with a reason
    "skipped",  # a person left it out
    "dropped",  # can't start any more: what it depends on did not succeed
]
STEP_ENDED: tuple[StepStatus, ...] = ("done", "accepted", "skipped", "dropped")


class Programme(Base):
    """One run of a programme: its definition as it was read, and up to which event the graph has gone on."""

    __tablename__ = "programme"

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    name: Mapped[str]
    version: Mapped[str]
    source: Mapped[str]  # the file that it was read from
    definition: Mapped[dict[str, Any]]
    digest: Mapped[str]
    taken: Mapped[int]  # the last event that the graph has taken
    paused: Mapped[str]  # why no further task starts; "" while they do
    parallel: Mapped[int]  # how many tasks at a time, as alerts have reduced it; 0 as the limits say
    phase: Mapped[str]  # the phase that is open


class Plan(Base):
    """A version of the plan: when each task starts and ends, why it was made, what it changed."""

    __tablename__ = "plan"

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    changes: Mapped[list[Any]]  # of the version before: task, what, before, after
    schedule: Mapped[dict[str, Any]]  # tasks, critical path, finish, P80
    made_at: Mapped[datetime]
    approved_by: Mapped[str]


class Step(Base):
    """A task of a programme, as it stands."""

    __tablename__ = "step"
    __table_args__ = (Index("step_by_status", "run_id", "status"),)

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    step_id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[StepStatus] = mapped_column(CleanText())
    tries: Mapped[int]  # how often it was put down for a worker
    worker: Mapped[str]  # who has it, or had it last
    person: Mapped[str]  # who does it, where a person does
    resources: Mapped[dict[str, Any]]  # as they stand: remedies change them
    figures: Mapped[dict[str, Any]]  # what it reached of its criteria
    error_kind: Mapped[str]
    error: Mapped[str]
    remedies: Mapped[list[Any]]  # level, action, before, after, result
    progress: Mapped[dict[str, Any]]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]  # a retry, or a lag behind another task, waits until then

    @property
    def asks_itself(self) -> str:
        """Name the task's own run while that is with people; "" where none is."""
        own = str(self.figures.get("run_id", ""))
        return own if self.status == "with_person" and self.figures.get("run_status") == "waiting" else ""


class StepEvent(Base):
    """What happened to a task of a programme, or to the programme (step_id "")."""

    __tablename__ = "step_event"
    __table_args__ = (Index("step_event_by_run", "run_id", "event_no"),)

    event_no: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    step_id: Mapped[str]
    kind: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    details: Mapped[dict[str, Any]]


class ProgrammeMessage(Base):
    """A message between the programme and its workers, in the form that docs/programme.md publishes."""

    __tablename__ = "programme_message"
    __table_args__ = (Index("programme_message_by_run", "run_id", "message_no"),)

    message_no: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    step_id: Mapped[str]
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class SignOff(Base):
    """A person's signature on a task's working paper as it stood: void once the paper changes."""

    __tablename__ = "signoff"
    __table_args__ = (Index("signoff_by_step", "run_id", "step_id"),)

    signoff_id: Mapped[int] = mapped_column(BIG_KEY, primary_key=True, autoincrement=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    step_id: Mapped[str]
    role: Mapped[str]  # preparer or reviewer
    by: Mapped[str]
    at: Mapped[datetime]
    paper: Mapped[str]  # digest of the working paper that was signed
    note: Mapped[str]
    void: Mapped[str]  # why it does not count any more


class Artifact(Base):
    """A file that a task left as evidence; its bytes lie in the programme's folder under their digest."""

    __tablename__ = "artifact"

    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"), primary_key=True)
    step_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    size: Mapped[int]
    at: Mapped[datetime]


class WorkerProcess(Base):
    """A worker of the desk: where it runs, and when it last showed that it lives."""

    __tablename__ = "worker"

    name: Mapped[str] = mapped_column(primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    done: Mapped[int]
    failed: Mapped[int]
    memory_mb: Mapped[int]
    cpu_percent: Mapped[int]
    latency_ms: Mapped[int]  # of its last heartbeat to the store
