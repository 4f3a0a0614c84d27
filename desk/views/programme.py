"""A programme as people look at it: its tasks with plan and state, a board by state, its alerts and plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from tools.programme import alerts, progress, records, signing, versions
from tools.programme.records import ProgrammeStanding
from tools.programme.working_papers import papers
from tools.store import Store, runs

BOARD: Final[Mapping[str, tuple[str, ...]]] = {
    "Waits": ("waiting",),
    "Works": ("queued", "running"),
    "With people": ("with_person",),
    "Failed": ("failed", "escalated"),
    "Ended": ("done", "accepted", "skipped", "dropped"),
}


def listed(store: Store, limit: int, offset: int) -> list[dict[str, Any]]:
    """Give programmes, the newest first, each with how far it is."""
    rows = runs.list_runs(store, kind=records.GRAPH, limit=limit, offset=offset)
    return [
        {"run": run, **progress.progress(records.load(store, run.run_id))}
        for run in rows
        if records.exists(store, run.run_id)
    ]


def overview(store: Store, standing: ProgrammeStanding) -> dict[str, Any]:
    """Give everything that the page of a programme shows."""
    rows = list(task_rows(standing))
    return {
        **progress.progress(standing),
        "run": standing.run,
        "objective": standing.programme.definition.objective,
        "entity": standing.programme.definition.entity,
        "rows": rows,
        "board": board(rows),
        "alerts": alerts.standing_alerts(store, standing.run.run_id),
        "plans": [
            {"version": plan.version, "reason": plan.reason, "at": plan.made_at, "changes": len(plan.changes)}
            for plan in reversed(versions.all_plans(store, standing.run.run_id))
        ],
    }


def task_rows(standing: ProgrammeStanding) -> Iterable[dict[str, Any]]:
    """Give a row for each task: what it is, its plan, what happened, why it stands where it does."""
    planned: dict[str, Any] = standing.plan.schedule["tasks"] if standing.plan else {}
    for name, spec in standing.programme.steps.items():
        step, plan = standing.steps[name], planned.get(name, {})
        yield {
            "task": name,
            "name": spec.task.name,
            "phase": spec.phase,
            "kind": spec.task.kind,
            "status": step.status,
            "who": step.person or step.worker or str(plan.get("person") or ""),
            "why": progress.why(standing, name),
            "share": step.progress.get("percentage"),
            "planned": (plan.get("start"), plan.get("finish")),
            "actual": (step.started_at, step.ended_at),
            "critical": bool(plan.get("critical")),
            "slack_hours": plan.get("slack_hours"),
        }


def board(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Sort rows into the board's columns."""
    every = list(rows)
    return {title: [row for row in every if row["status"] in states] for title, states in BOARD.items()}


def task_view(store: Store, standing: ProgrammeStanding, name: str) -> dict[str, Any]:
    """Give a task's working paper, what stands before and behind it, and what happened to it."""
    paper = papers.paper(store, standing, name)
    spec, step = standing.programme.steps[name], standing.steps[name]
    events = [event for event in records.events_after(store, standing.run.run_id, 0) if event.step_id == name]
    return {
        "paper": paper,
        "why": progress.why(standing, name),
        "step": step,
        "planned": (standing.plan.schedule["tasks"].get(name, {}) if standing.plan else {}),
        "waits_for": [(before, standing.steps[before].status) for before in spec.waits_for],
        "behind": standing.programme.followers[name],
        "events": [{"at": e.at, "kind": e.kind, "by": e.by, "details": e.details} for e in events],
        "role": signing.next_role(store, standing, name),
    }
