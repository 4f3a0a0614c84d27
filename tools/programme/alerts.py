"""Alerts of a programme that act: each once when it begins, and once when it is over.

| rule | condition | action |
|---|---|---|
| high_failure_rate | more than .2 of the tasks that machines ended have failed | no new tasks start |
| memory_exhaustion | more than .9 of the machine's memory is taken | half as many tasks at a time |
| agent_unresponsive | a worker with a task was silent for 120 s | its tasks go to others |
| performance_degradation | tasks take more than twice what was planned | an incident asks why |
| phase_overdue | machines' tasks of a phase run for longer than its wait_seconds | what runs is named |
| forecast_late | what runs ends so late that the deadline is missed | the plan is made anew |
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import psutil
from sqlalchemy import select

from tools.core.clock import clock
from tools.core.severity_levels import Risk
from tools.programme import dispatch, records, versions
from tools.programme.records import ProgrammeStanding
from tools.runs import tasks
from tools.store import Store, incidents
from tools.store.incidents import IncidentDraft
from tools.store.models import StepEvent, WorkerProcess

LEAST_ENDED: Final = 5  # machine tasks before their failures are a rate
LEAST_TIMED: Final = 3
BEGAN: Final = "alert"
OVER: Final = "alert over"
Memory = Callable[[], float]


class StepAlert(NamedTuple):
    """An alert that stands. subject: which worker, or ""."""

    name: str
    severity: Risk
    message: str
    subject: str = ""


def memory_share() -> float:
    """Give the share of this machine's memory that is taken."""
    return float(psutil.virtual_memory().percent) / 100


def act(store: Store, run_id: str, *, memory: Memory = memory_share) -> list[StepAlert]:
    """Act on every alert that stands, and take back what one that is over did; give those that stand."""
    standing = records.load(store, run_id)
    alerts = [*_failures(standing), *_memory(standing, memory), *_silent(store, standing), *_slow(standing)]
    alerts += [*_overdue(standing), *_late(standing)]
    before = {(str(a["alert"]), str(a["subject"])) for a in standing_alerts(store, run_id)}
    with store.begin() as session:
        row = records.hold(session, run_id)
        names = {alert.name for alert in alerts}
        row.paused = next((a.message for a in alerts if a.name == "high_failure_rate"), "")
        if "memory_exhaustion" not in names:
            row.parallel = 0
        elif not row.parallel:
            running = sum(step.status in dispatch.RUNNING for step in standing.steps.values())
            row.parallel = max(1, running // 2)
        session.flush()
        for alert in alerts:
            if (alert.name, alert.subject) not in before:
                _begin(store, standing, alert)
        for name, subject in before - {(alert.name, alert.subject) for alert in alerts}:
            details = {"alert": name, "subject": subject}
            records.happened(store, run_id, "", OVER, details=details, wake=False)
    return alerts


def _begin(store: Store, standing: ProgrammeStanding, alert: StepAlert) -> None:
    run_id = standing.run.run_id
    details = {
        "alert": alert.name,
        "subject": alert.subject,
        "severity": alert.severity,
        "message": alert.message,
    }
    records.happened(store, run_id, "", BEGAN, details=details, wake=False)
    name = f"alert-{alert.name}-{alert.subject}"
    dispatch.tell(store, standing, name, f"{standing.row.name}: {alert.message}", risk=alert.severity)
    if alert.name == "agent_unresponsive":
        tasks.expire_leases(store, alert.subject)
    if alert.name == "forecast_late":
        versions.replan(store, run_id, alert.message)
    if alert.name == "performance_degradation":
        _ask_why(store, standing, alert)


def _ask_why(store: Store, standing: ProgrammeStanding, alert: StepAlert) -> None:
    """Open an incident of what is slow, once while it stands, and put it down for a worker to look into."""
    run = standing.run
    draft = IncidentDraft(
        "desk",
        f"{standing.row.name}: {alert.message}",
        {"run_id": run.run_id, "alert": alert.name},
        "MEDIUM",
        began_at=run.started_at,
        origin="alert",
        fingerprint=f"{alert.name}:{run.run_id}",
    )
    incident = incidents.open_incident(store, draft)
    values = {"graph": "incident", "input": {"incident": incident.incident_id}}
    tasks.enqueue(store, "start_graph", values, key=f"incident {incident.incident_id}")


def standing_alerts(store: Store, run_id: str) -> list[dict[str, Any]]:
    """Give the alerts that stand, each as it was raised."""
    query = select(StepEvent).where(StepEvent.run_id == run_id, StepEvent.kind.in_((BEGAN, OVER)))
    raised: dict[tuple[str, str], dict[str, Any]] = {}
    with store.read() as session:
        for event in session.scalars(query.order_by(StepEvent.event_no)):
            key = (str(event.details["alert"]), str(event.details["subject"]))
            raised.pop(key, None)
            if event.kind == BEGAN:
                raised[key] = dict(event.details)
    return list(raised.values())


def _failures(standing: ProgrammeStanding) -> list[StepAlert]:
    machine = [
        s for n, s in standing.steps.items() if standing.programme.steps[n].task.kind in {"graph", "command"}
    ]
    failed = sum(step.status in {"failed", "escalated"} for step in machine)
    ended = failed + sum(step.status == "done" for step in machine)
    most = standing.programme.definition.monitoring.failure_rate
    if ended < LEAST_ENDED or failed / ended <= most:
        return []
    return [StepAlert("high_failure_rate", "CRITICAL", f"{failed} of {ended} tasks failed")]


def _memory(standing: ProgrammeStanding, memory: Memory) -> list[StepAlert]:
    share = memory()
    if share <= standing.programme.definition.monitoring.memory_usage:
        return []
    return [StepAlert("memory_exhaustion", "MEDIUM", f"{share:.0%} of the memory is taken")]


def _silent(store: Store, standing: ProgrammeStanding) -> list[StepAlert]:
    pool = standing.programme.definition.pool
    busy = {step.worker for step in standing.steps.values() if step.status == "running" and step.worker}
    before = clock().now() - timedelta(seconds=pool.unresponsive_seconds)
    query = select(WorkerProcess).where(WorkerProcess.ended_at.is_(None), WorkerProcess.heartbeat_at < before)
    with store.read() as session:
        silent = [worker for worker in session.scalars(query) if worker.name in busy]
    return [
        StepAlert("agent_unresponsive", "CRITICAL", f"worker {each.name} fell silent", each.name)
        for each in silent
    ]


def _slow(standing: ProgrammeStanding) -> list[StepAlert]:
    took: dict[str, tuple[float, float]] = {}
    for name, step in standing.steps.items():
        spec = standing.programme.steps[name]
        if (
            step.status == "done"
            and spec.task.kind in {"graph", "command"}
            and step.started_at
            and step.ended_at
        ):
            took[name] = ((step.ended_at - step.started_at).total_seconds(), spec.task.points[1])
    planned, real = sum(pair[1] for pair in took.values()), sum(pair[0] for pair in took.values())
    most = standing.programme.definition.monitoring.slower_than_baseline
    if len(took) < LEAST_TIMED or real <= most * planned:
        return []
    worst = sorted(took, key=lambda name: took[name][0] - took[name][1], reverse=True)[:3]
    times = ", ".join(f"{name} ({took[name][0]:.0f} s, planned {took[name][1]:.0f} s)" for name in worst)
    return [
        StepAlert(
            "performance_degradation", "MEDIUM", f"tasks take {real / planned:.1f} times as long; see {times}"
        )
    ]


def _overdue(standing: ProgrammeStanding) -> list[StepAlert]:
    phase = next(
        (each for each in standing.programme.definition.phases if each.id == standing.row.phase), None
    )
    begun = {
        step.step_id: step.started_at
        for step in standing.steps.values()
        if step.started_at and step.status == "running"
        if phase and standing.programme.steps[step.step_id].phase == phase.id
    }
    if phase is None or not begun:
        return []
    seconds = (clock().now() - min(begun.values())).total_seconds()
    if seconds <= phase.wait_seconds:
        return []
    message = f"phase {phase.id} has run for {seconds:.0f} s, {phase.wait_seconds:.0f} s may pass: "
    return [StepAlert("phase_overdue", "MEDIUM", message + ", ".join(sorted(begun)))]


def _late(standing: ProgrammeStanding) -> list[StepAlert]:
    deadline = standing.programme.definition.deadline
    if deadline is None or standing.plan is None:
        return []
    finish = forecast(standing)
    if finish <= deadline:
        return []
    return [
        StepAlert("forecast_late", "HIGH", f"it will end on {finish:%Y-%m-%d}, after {deadline:%Y-%m-%d}")
    ]


def forecast(standing: ProgrammeStanding) -> datetime:
    """Give when all will be done: the plan's finish, moved by what the task that is most behind delays."""
    schedule: dict[str, Any] = standing.plan.schedule if standing.plan else {}
    finish = datetime.fromisoformat(schedule["finish"])
    behind = timedelta(0)
    for name, step in standing.steps.items():
        planned = schedule["tasks"].get(name)
        if planned is None or step.status in {"done", "accepted", "skipped", "dropped"}:
            continue
        over = clock().now() - datetime.fromisoformat(planned["finish"])
        behind = max(behind, over - timedelta(hours=float(planned["slack_hours"])))
    return finish + behind
