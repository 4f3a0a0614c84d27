"""What a worker writes about a task of a programme: begun, how far, done or failed; each under its lease.

begin(store, lease, worker) -> TaskStart | None     None: it was done before, by a worker that died after it
end(store, lease, begun, worker, result)        and what may start now that it is done is put down with it

Each is one transaction; the graph is woken where there is something to decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tools.core.clock import clock
from tools.programme import dispatch, messages, records
from tools.programme.definition import FigureBounds
from tools.programme.steps import ProgrammeSteps, StepSpec
from tools.programme.working_papers import papers
from tools.runs import leases
from tools.runs.leases import Lease
from tools.runs.recovery_table import TABLE, ErrorKind, kind_of
from tools.store import Store
from tools.store.models import Artifact, Programme, Step
from tools.store.writes import insert_new


@dataclass(frozen=True)
class TaskStart:
    """A task that a worker has begun."""

    run_id: str
    source: str
    programme: ProgrammeSteps
    spec: StepSpec
    step: Step
    tries: int

    @property
    def key(self) -> str:
        """Give the key of what the task does elsewhere, the same however often it is tried."""
        return f"{self.run_id} {self.spec.id}"


@dataclass(frozen=True)
class Evidence:
    """A file that a task left: its name, digest and size."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Result:
    """How a task went. error_kind "": well."""

    figures: Mapping[str, Any]
    exit_code: int = 0
    error_kind: ErrorKind | str = ""
    error: str = ""
    failed_tests: Sequence[str] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    remedies: Sequence[Mapping[str, Any]] = ()
    evidence: Sequence[Evidence] = ()
    waits: str = ""  # the run that waits for people: the task ends with it


def begin(store: Store, lease: Lease, worker: str) -> TaskStart | None:
    """Note that a worker has a task. Raises LostLeaseError."""
    run_id, name = str(lease.parameters["run_id"]), str(lease.parameters["step_id"])
    tries = int(lease.parameters["tries"])
    with leases.fenced(store, lease) as session:
        step = records.step_of(session, run_id, name)
        if step.tries != tries or step.status not in {"queued", "running"}:
            return None
        step.status, step.worker = "running", worker
        step.started_at = step.started_at or clock().now()
        session.flush()
        records.happened(store, run_id, name, "started", by=worker, details={"tries": tries}, wake=False)
        programme = records.programme_of(session, run_id)
        source = session.scalars(select(Programme.source).where(Programme.run_id == run_id)).one()
        return TaskStart(run_id, source, programme, programme.steps[name], step, tries)


def tell_progress(
    store: Store, lease: Lease, begun: TaskStart, worker: str, figures: Mapping[str, Any]
) -> None:
    """Note how far a task is, and say so. Raises LostLeaseError."""
    run_id, name = begun.run_id, begun.spec.id
    seconds = figures.get("seconds_left")
    finish = clock().now() + timedelta(seconds=float(seconds)) if seconds is not None else None
    with leases.fenced(store, lease) as session:
        step = records.step_of(session, run_id, name)
        step.progress = {key: value for key, value in figures.items() if key != "seconds_left"}
        update = messages.ProgressUpdate(
            **messages.heading(run_id, name, "progress", begun.tries, round(clock().now().timestamp())),
            agent_id=worker,
            task_id=name,
            progress=messages.Progress(
                percentage=float(figures["percentage"]),
                current_test=str(figures["current_test"]),
                tests_completed=int(figures["tests_completed"]),
                tests_remaining=int(figures["tests_remaining"]),
                estimated_completion=finish,
            ),
            resources=messages.Usage(
                memory_usage_mb=float(figures["memory_usage_mb"]), cpu_utilization=0.0, disk_usage_mb=0.0
            ),
            status="running",
        )
        messages.send(store, run_id, name, update)


def end(store: Store, lease: Lease, begun: TaskStart, worker: str, result: Result) -> str:
    """Record how a task went: its figures held to its criteria, its evidence; give its status.

    Raises LostLeaseError.
    """
    run_id, spec = begun.run_id, begun.spec
    unmet = [] if result.error_kind else missed(spec.task.success_criteria, result.figures)
    kind = result.error_kind or ("calculation_error" if unmet else "")
    error = result.error or "; ".join(unmet)
    with leases.fenced(store, lease) as session:
        step = records.step_of(session, run_id, spec.id)
        step.figures, step.progress = {**step.figures, **result.figures}, {"percentage": 100}
        step.remedies = [*step.remedies, *map(dict, result.remedies)]
        step.error_kind, step.error, step.ended_at = kind, error, clock().now()
        step.status = "failed" if kind else _ended(spec, result)
        session.flush()
        keep(store, run_id, spec.id, result.evidence)
        papers.void_if_changed(store, run_id, spec.id, "the task was done again")
        for remedy in result.remedies:
            records.happened(store, run_id, spec.id, "remedy", by=worker, details=remedy, wake=False)
        _say(store, begun, worker, step, result)
        details = {
            "kind": kind,
            "error": error[-500:],
            "figures": dict(result.figures),
            "waits": result.waits,
        }
        plain = step.status == "done"
        records.happened(store, run_id, spec.id, step.status, by=worker, details=details, wake=not plain)
        if plain and dispatch.dispatch(store, run_id).decides:
            records.wake_up(store, run_id, f"behind {spec.id} {begun.tries}")
        return step.status


def _ended(spec: StepSpec, result: Result) -> Any:  # noqa: ANN401 - a status
    return "with_person" if result.waits or spec.task.signed or spec.task.reviewer else "done"


def keep(store: Store, run_id: str, step_id: str, evidence: Sequence[Evidence]) -> None:
    """Note the files that a task left, each with its digest; one of the same name takes the place."""
    with store.begin() as session:
        for artifact in evidence:
            stored = session.get(Artifact, (run_id, step_id, artifact.name))
            if stored is None:
                row = {"run_id": run_id, "step_id": step_id, "name": artifact.name, "sha256": artifact.sha256}
                insert_new(session, Artifact, [{**row, "size": artifact.size, "at": clock().now()}])
            else:
                stored.sha256, stored.size, stored.at = artifact.sha256, artifact.size, clock().now()


def missed(criteria: Mapping[str, FigureBounds], figures: Mapping[str, Any]) -> list[str]:
    """Say which criteria are not met: a figure that was not measured is none that was reached."""
    misses = []
    for name, bounds in criteria.items():
        value = figures.get(name)
        if not isinstance(value, int | float):
            misses.append(f"{name} was not measured")
        elif bounds.min is not None and value < bounds.min:
            misses.append(f"{name} is {value}, and has to be at least {bounds.min:g}")
        elif bounds.max is not None and value > bounds.max:
            misses.append(f"{name} is {value}, and may be at most {bounds.max:g}")
    return misses


def _say(store: Store, begun: TaskStart, worker: str, step: Step, result: Result) -> None:
    run_id, name = step.run_id, step.step_id
    if step.status == "failed":
        messages.send(store, run_id, name, _failure(begun, worker, step, result))
        return
    ended = clock().now()
    started: datetime = step.started_at or ended
    summary = messages.ExecutionSummary(
        start_time=started,
        end_time=ended,
        duration_seconds=round((ended - started).total_seconds(), 3),
        exit_code=result.exit_code,
    )
    followers = begun.programme.followers[name]
    message = messages.TaskCompletion(
        **messages.heading(run_id, name, "done", begun.tries),
        agent_id=worker,
        task_id=name,
        final_status="success" if step.status == "done" else step.status,
        execution_summary=summary,
        test_results=dict(result.figures),
        artifacts=[artifact.name for artifact in result.evidence],
        next_actions=[f"Task {after} can proceed when what else it waits for is done" for after in followers],
    )
    messages.send(store, run_id, name, message)


def _failure(begun: TaskStart, worker: str, step: Step, result: Result) -> messages.FailureNotification:
    kind = kind_of(step.error_kind)
    return messages.FailureNotification(
        **messages.heading(step.run_id, step.step_id, "failed", begun.tries),
        agent_id=worker,
        task_id=step.step_id,
        failure_details=messages.FailureDetails(
            error_type=kind,
            error_message=step.error[-2000:],
            failed_tests=list(result.failed_tests),
            error_context=dict(result.context),
        ),
        recovery_attempts=[
            messages.RecoveryAttempt(
                attempt=number, action=str(each["action"]), result=str(each["result"]), timestamp=each["at"]
            )
            for number, each in enumerate(step.remedies, start=1)
        ],
        escalation_required=TABLE[kind].person == "always",
        recommended_actions=recommended(kind),
    )


def recommended(kind: str) -> list[str]:
    """Give what a person may do about a kind of error."""
    advice = {
        "import_error": ["Put the missing package into the wheel folder, then retry"],
        "permission_error": ["Give the worker's account access to the named file, then retry"],
        "memory_error": ["Change the memory of the task, or make what it reads smaller"],
        "timeout": ["Change the time of the task, or find out what it waits for"],
        "calculation_error": ["Look at the failed tests and figures", "Correct the cause, then retry"],
        "logic_error": ["Look at the last lines of the output", "Correct the cause, then retry"],
        "system_error": ["Look at the machine's disk and its log", "Retry on another worker"],
        "network_error": ["See whether the service answers", "Retry when it does"],
        "evidence_missing": ["Ask the preparer for the evidence"],
        "signoff_refused": ["Ask the reviewer's role to sign, or why not"],
    }
    return [*advice.get(kind, []), "Accept with a reason", "Stop the programme"]
