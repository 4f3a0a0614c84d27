"""How far a programme is: overall and by phase, what runs, what waits for what, when it will end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tools.core.clock import clock
from tools.programme import dependencies, dispatch, people_levels
from tools.programme.records import ProgrammeStanding
from tools.programme.steps import StepSpec
from tools.store.models import Step

BRIEF_STATUS = {"closed": "completed", "abandoned": "failed", "failed": "failed"}


def progress(standing: ProgrammeStanding) -> dict[str, Any]:
    """Give a programme's progress as JSON: shares by planned effort, in percent."""
    programme, steps = standing.programme, standing.steps
    schedule: dict[str, Any] = standing.plan.schedule if standing.plan else {}
    active = [name for name, step in steps.items() if step.status in {"queued", "running", "with_person"}]
    return {
        "run_id": standing.run.run_id,
        "name": standing.row.name,
        "status": status(standing),
        "overall_progress": _share(programme.steps.values(), steps),
        "phases": {phase: _share(programme.in_phase(phase), steps) for phase in programme.phases},
        "phase": standing.row.phase,
        "active_tasks": active,
        "estimated_completion": schedule.get("finish"),
        "estimated_range": [schedule.get("p50"), schedule.get("p80")],
        "ended_at": "" if standing.live or not (ended := standing.run.ended_at) else ended.isoformat(),
        "critical_path": schedule.get("critical_path", []),
        "plan_version": standing.plan.version if standing.plan else 0,
        "late": schedule.get("late", []),
        "paused": standing.row.paused,
        "blocked": blocked(standing),
        "counts": counts(standing),
    }


def ending(now: Mapping[str, Any]) -> list[str]:
    """Say in lines when what `progress` gave ends or ended, and what it depends on."""
    planned, (_, p80), ended = now["estimated_completion"], now["estimated_range"], now["ended_at"]
    if ended:
        return [f"Ended {_minute(ended)}" + (f", planned for {_minute(planned)}" if planned else "")]
    if not planned:
        return []
    likely = f", with 80% by {_minute(p80)}" if p80 else ""
    late = [
        f"{task['task']} would end {_minute(task['finish'])}, due {_minute(task['due'])}"
        for task in now["late"]
    ]
    is_over = datetime.fromisoformat(planned) < clock().now()
    end = f"Was planned to end {_minute(planned)} UTC" if is_over else f"Ends {_minute(planned)}{likely} UTC"
    return [end, f"Critical: {' → '.join(now['critical_path'])}", *late]


def _minute(moment: object) -> str:
    return str(moment)[:16].replace("T", " ")


def status(standing: ProgrammeStanding) -> str:
    """Give a programme's status in the words of the REST calls: running, waiting, completed or failed."""
    run = standing.run
    if run.status == "closed":
        return "completed" if run.outcome == "completed" else "failed"
    return BRIEF_STATUS.get(run.status, "waiting" if run.status == "waiting" else "running")


def counts(standing: ProgrammeStanding) -> dict[str, int]:
    """Count the tasks by status."""
    by_status: dict[str, int] = {}
    for step in standing.steps.values():
        by_status[step.status] = by_status.get(step.status, 0) + 1
    return by_status


def blocked(standing: ProgrammeStanding) -> dict[str, str]:
    """Say of each task that waits why it does."""
    if not standing.live:
        return {}
    return {name: why(standing, name) for name, step in standing.steps.items() if step.status == "waiting"}


def why(standing: ProgrammeStanding, name: str) -> str:
    """Say why a task stands where it does, and what goes on with it."""
    step, spec = standing.steps[name], standing.programme.steps[name]
    if step.status == "waiting":
        may, reason = dependencies.can_start(standing.programme, standing.statuses, standing.row.phase, name)
        if not may:
            return reason
        if step.not_before:
            return _put_off(step, spec)
        if standing.plan is None or not standing.plan.approved_by:
            return "Waiting for the plan's approval"
        room = dispatch.room_for(standing, name) if spec.task.kind != "person" else ""
        return f"Waiting for room: {room}" if room else "It is about to start"
    return _stands(step, spec, prepared=name in standing.prepared)


def gate_keepers(standing: ProgrammeStanding, name: str) -> str:
    """Say which tasks keep the gate that a task waits for, and how each stands; "" where none does."""
    phase, statuses = standing.row.phase, standing.statuses
    behind = standing.programme.phases.index(standing.programme.steps[name].phase)
    if (
        not phase
        or standing.steps[name].status != "waiting"
        or behind <= standing.programme.phases.index(phase)
    ):
        return ""
    keepers = dependencies.keeps_gate(standing.programme, statuses, phase)
    return "; ".join(f"{keeper}: {why(standing, keeper)}" for keeper in keepers)


def _put_off(step: Step, spec: StepSpec) -> str:
    if step.tries:
        return f"It is tried again at {step.not_before:%H:%M:%S} UTC"
    lags = [f"{link.min_lag_hours:g} hours after {link.task}" for link in spec.links if link.min_lag_hours]
    return f"It may start on {step.not_before:%Y-%m-%d at %H:%M} UTC: {' and '.join(lags)}"


def _stands(step: Step, spec: StepSpec, *, prepared: bool) -> str:
    if own := step.asks_itself:
        return f"Its run {own} waits for people: tieout approve {own}"
    words = {
        "queued": "Waiting for a free worker: tieout work",
        "running": f"{step.worker or 'A worker'} works on it, try {step.tries}",
        "with_person": f"Waiting for {_whom(step, spec, prepared=prepared)}: tieout programme sign {spec.id}",
        "failed": f"It failed ({step.error_kind}): {first_line(step.error)}",
        "escalated": f"A person is asked what to do: it failed ({step.error_kind}): {first_line(step.error)}",
        "dropped": f"It can't start: {step.error}",
        "skipped": "A person left it out",
        "accepted": "It failed, and a person accepted that",
        "done": _done(step),
    }
    return words[step.status]


def _done(step: Step) -> str:
    """Say who did a task, and when."""
    by = f" by {step.person or step.worker}" if step.person or step.worker else ""
    return f"Done{by}" + (f" on {step.ended_at:%d %b at %H:%M}" if step.ended_at else "")


def _whom(step: Step, spec: StepSpec, *, prepared: bool) -> str:
    """Say who is to sign next."""
    if not prepared:
        return step.person or "somebody who may"
    reviewer = "" if people_levels.goes_to_role(step) else spec.task.reviewer
    return f"{reviewer or 'another person'} to review it"


def first_line(text: str) -> str:
    """Give the line of an error that says most: its last."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""


def _share(specs: Iterable[StepSpec], steps: Any) -> float:  # noqa: ANN401 - a mapping of rows
    whole = done = 0.0
    for spec in specs:
        effort = 0.0 if spec.task.kind == "group" else spec.task.points[1]
        whole += effort
        step = steps[spec.id]
        if step.status in dependencies.ENDED:
            done += effort
        elif step.status == "running":
            done += effort * min(float(step.progress.get("percentage", 0)), 99) / 100
    return round(100 * done / whole, 1) if whole else 100.0
