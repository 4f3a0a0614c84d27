"""What the tables say against what the trail says: a decision that nobody made is not on the trail.

contradictions(session, run_id, entries) -> list[Problem]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.store.models import ApprovalRequest, Decision, Flag, Run
from tools.store.verify_trail import DESK, SEALS, Problem

Entry = dict[str, Any]
DECIDED, FLAGS_DECIDED, REVIEWED = "decided", "flags decided", "flags reviewed"  # actions on the trail
VOID = "vote void"
DECIDED_STATUSES = ("noted", "approved", "rejected", "skipped")
ENDS = ("closed", "abandoned")


def contradictions(session: Session, run_id: str, entries: Sequence[Entry]) -> list[Problem]:
    """Find decisions, decided flags and ended runs on which the tables and the trail do not agree."""
    if run_id in (DESK, SEALS):
        return []
    messages = [
        *_decisions(session, run_id, entries),
        *_flags(session, run_id, entries),
        *_end(session, run_id, entries),
    ]
    return [Problem(run_id, 0, what) for what in messages]


def _decisions(session: Session, run_id: str, entries: Sequence[Entry]) -> list[str]:
    on_trail: dict[tuple[str, str, str], str] = {}
    for entry in entries:
        if entry["action"] == DECIDED:
            for subject, verdict in entry["details"]["verdicts"].items():
                on_trail[entry["details"]["request_id"], subject, entry["actor"]] = verdict
        if entry["action"] == VOID:
            on_trail.pop((entry["details"]["request_id"], entry["details"]["subject"], entry["actor"]), None)
    query = select(Decision).join(ApprovalRequest).where(ApprovalRequest.run_id == run_id)
    in_table = {
        (decision.request_id, decision.subject, decision.by): str(decision.verdict)
        for decision in session.scalars(query)
    }
    return [
        f"{by} on {subject} of {request_id}: the table says {in_table.get(key, 'nothing')}, "
        f"the trail {on_trail.get(key, 'nothing')}"
        for key in sorted({*on_trail, *in_table})
        for request_id, subject, by in [key]
        if on_trail.get(key) != in_table.get(key)
    ]


def _flags(session: Session, run_id: str, entries: Sequence[Entry]) -> list[str]:
    on_trail: dict[str, str] = {}
    for entry in entries:
        if entry["action"] == FLAGS_DECIDED:
            for status, flag_ids in entry["details"]["statuses"].items():
                on_trail.update(dict.fromkeys(flag_ids, status))
    query = select(Flag.flag_id, Flag.status).where(Flag.run_id == run_id)
    in_table = {flag_id: str(status) for flag_id, status in session.execute(query)}
    decided = {name: status for name, status in in_table.items() if status in DECIDED_STATUSES}
    return [
        f"flag {flag_id} is {in_table.get(flag_id, 'gone')}, "
        f"the trail says {on_trail.get(flag_id, 'nothing of it')}"
        for flag_id in sorted({*on_trail, *decided})
        if on_trail.get(flag_id) != in_table.get(flag_id)
    ]


def _end(session: Session, run_id: str, entries: Sequence[Entry]) -> list[str]:
    run = session.get(Run, run_id)
    on_trail = [
        entry["action"].removeprefix("run ")
        for entry in entries
        if entry["action"] in ("run closed", "run abandoned")
    ]
    in_table = [str(run.status)] if run and run.status in ENDS else []
    return (
        []
        if on_trail == in_table
        else [f"the run is {run.status if run else 'gone'}, the trail says {on_trail or 'it goes on'}"]
    )
