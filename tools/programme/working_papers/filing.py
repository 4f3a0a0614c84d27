"""The final report of a programme, as JSON: every working paper, the plan's versions with their reasons."""

from __future__ import annotations

from typing import Any

from tools.programme import progress, records, versions
from tools.programme.working_papers import papers
from tools.store import Store


def final_report(store: Store, run_id: str) -> dict[str, Any]:
    """Give the report; the same programme in the same state gives the same report."""
    standing = records.load(store, run_id)
    events = records.events_after(store, run_id, 0)
    return {
        "run_id": run_id,
        "name": standing.row.name,
        "version": standing.row.version,
        "objective": standing.programme.definition.objective,
        "definition_sha256": standing.row.digest,
        "started_by": standing.run.started_by,
        "started_at": standing.run.started_at.isoformat(),
        "ended_at": standing.run.ended_at.isoformat() if standing.run.ended_at else None,
        "status": progress.status(standing),
        "outcome": standing.run.outcome,
        "counts": progress.counts(standing),
        "phases": _phases(standing),
        "papers": [papers.paper(store, standing, name) for name in standing.programme.steps],
        "plans": [
            {
                "version": each.version,
                "reason": each.reason,
                "changes": each.changes,
                "finish": each.schedule["finish"],
                "p80": each.schedule["p80"],
                "approved_by": each.approved_by,
                "made_at": each.made_at.isoformat(),
            }
            for each in versions.all_plans(store, run_id)
        ],
        "events": [
            {
                "event_no": event.event_no,
                "task": event.step_id,
                "kind": event.kind,
                "by": event.by,
                "at": event.at.isoformat(),
                "details": event.details,
            }
            for event in events
        ],
    }


def _phases(standing: records.ProgrammeStanding) -> list[dict[str, Any]]:
    return [
        {
            "phase": phase.id,
            "name": phase.name,
            "mode": phase.mode,
            "tasks": {
                spec.id: standing.steps[spec.id].status for spec in standing.programme.in_phase(phase.id)
            },
        }
        for phase in standing.programme.definition.phases
    ]
