"""What of a request still waits, read from the store: decisions count there, whoever else is deciding now."""

from __future__ import annotations

from typing import Any

from tools.approvals.interrupt_format import Verdict
from tools.audit import request_text
from tools.store import Store, approvals, flags
from tools.store.ballots import Ballot, Standing

ITEMS = 5  # flags of a case that are told one by one


def open_subjects(store: Store, request_id: str) -> list[dict[str, Any]]:
    """Give the subjects that still wait: who has signed, which flags are open, the first of them in short."""
    ballot = approvals.ballot(store, request_id)
    standings = ballot.standings()
    whole = ballot.of_subjects(standings)
    found = [
        {**subject, **_standing(ballot, standings, whole[str(subject["subject"])], str(subject["subject"]))}
        for subject in ballot.asked.payload.get("subjects", [])
        if not whole[str(subject["subject"])].verdict
    ]
    return _with_items(store, ballot, found)


def _standing(
    ballot: Ballot, standings: dict[str, Standing], whole: Standing, subject: str
) -> dict[str, Any]:
    waiting = [unit for unit in ballot.units(subject) if not standings[unit].verdict]
    signed = sorted(f"{by}: {verdict}" for verdict, people in whole.votes.items() for by in people)
    held = {"signed": signed, "quorum": whole.need}
    return held if waiting == [subject] else {**held, "flags": len(waiting), "first": waiting[:ITEMS]}


def _with_items(store: Store, ballot: Ballot, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    named = [flag_id for subject in found for flag_id in subject.get("first", [])]
    known = {flag.flag_id: flag for flag in flags.named(store, named)}
    return [
        {
            **{name: value for name, value in subject.items() if name != "first"},
            "items": [
                request_text.item(known[flag_id], ballot.need(flag_id))
                for flag_id in subject.get("first", [])
                if flag_id in known
            ],
        }
        for subject in found
    ]


def is_settled(ballot: Ballot, standings: dict[str, Standing], subject: str) -> bool:
    """Say whether nothing of a subject waits any more."""
    units = ballot.units(subject)
    return bool(units) and all(standings[unit].verdict for unit in units)


def why_not(ballot: Ballot, standings: dict[str, Standing], said: Verdict, by: str) -> str:
    """Say why a person's word on a subject, or on a flag of one, does not count; "" where it does."""
    subject = said.subject
    units = ballot.units(subject)
    if not units:
        return f"'{subject}' is not asked."
    waiting = [unit for unit in units if not standings[unit].verdict]
    if not waiting:
        return f"'{subject}' is settled already: enough others have decided."
    if any(by in ballot.barred(unit) for unit in waiting):
        return f"{by} started this run and so can't decide on its CRITICAL flags."
    before = next((vote for vote in ballot.votes if (vote.subject, vote.by) == (subject, by)), None)
    if before is None:
        return ""
    done = f"{by} has {DONE[str(before.verdict)]} '{subject}' already"
    if (before.verdict, before.changes) == (said.verdict, said.changes):
        return f"{done}; it needs another person too."
    # A person may think again, but not where the first word has settled part of the case.
    return f"{done}; say otherwise flag by flag." if len(waiting) < len(units) else ""


DONE = {
    "approve": "approved",
    "reject": "rejected",
    "modify": "changed",
    "skip": "skipped",
    "retry": "retried",
}
