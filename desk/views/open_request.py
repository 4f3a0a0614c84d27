"""An open request as people see it: the subjects that still wait, who has signed, why it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from tools.approvals import requests
from tools.approvals.votes import Ballot, VoteCount
from tools.audit import other_rules
from tools.audit.request_text import reasons_from
from tools.core.clock import clock
from tools.store import Store, flags, runs
from tools.store.models import ApprovalRequest


def open_request(
    store: Store,
    request: ApprovalRequest,
    *,
    about: AbstractSet[str] | None = None,
    ballot: Ballot | None = None,
    counts: Mapping[str, VoteCount] | None = None,
) -> dict[str, Any]:
    """Give an open request with the subjects that still wait.

    Each has flag_ids (its units that are still open), signed (who said what on it or its units), quorum (of
    its gravest open unit), and single: its open units one by one, with the same.
    judged_again: titles of the subjects whose severity people changed; they are asked anew after the rest.
    about: only the subjects that hold one of these units, those alone one by one, and the reasons as they
    were when it was asked.
    ballot, counts: the votes, where they are at hand.
    """
    ballot = ballot or requests.ballot(store, request.request_id)
    counts = counts or ballot.counts()
    whole = ballot.of_subjects(counts)
    subjects = [
        {**subject, **_waiting(ballot, counts, str(subject["subject"]), whole, about)}
        for subject in request.payload.get("subjects", [])
        if not whole[str(subject["subject"])].verdict
        and (about is None or not about.isdisjoint(ballot.units(str(subject["subject"]))))
    ]
    return {
        "request_id": request.request_id,
        "run_id": request.run_id,
        "kind": request.kind,
        "title": request.title,
        "words": list(request.words),
        "risk": request.risk,
        "reasons": _reasons(store, request, subjects)
        if about is None
        else request.payload.get("reasons", []),
        "requested_at": request.requested_at.isoformat(),
        "age_hours": hours_since(request.requested_at),
        "expires_at": request.expires_at.isoformat() if request.expires_at else None,
        "escalated_at": request.escalated_at.isoformat() if request.escalated_at else None,
        "subjects": subjects,
        "judged_again": [
            str(subject.get("title") or subject["subject"])
            for subject in request.payload.get("subjects", [])
            if any(counts[unit].verdict == "modify" for unit in ballot.units(str(subject["subject"])))
        ],
    }


def _reasons(store: Store, request: ApprovalRequest, subjects: list[dict[str, Any]]) -> list[str]:
    """Say why a person is asked: of flags, what is still open."""
    if request.kind != "flags":
        return list(request.payload.get("reasons", []))
    open_ids = [flag for subject in subjects for flag in subject["flag_ids"] or [subject["subject"]]]
    about_rules = other_rules.reasons(runs.get(store, request.run_id))
    return [*about_rules, *reasons_from(flags.risks(store, request.run_id, open_ids))]


def _waiting(
    ballot: Ballot,
    counts: Mapping[str, VoteCount],
    name: str,
    every: Mapping[str, VoteCount],
    about: AbstractSet[str] | None,
) -> dict[str, Any]:
    whole = every[name]
    waiting = ballot.waiting(name, counts)
    standing: dict[str, Any] = {"signed": _signed(whole), "quorum": whole.need}
    if waiting == [name]:
        return {**standing, "flag_ids": [], "single": {}}
    single = {
        unit: {"quorum": ballot.need(unit), "signed": _signed(counts[unit])}
        for unit in waiting
        if about is None or unit in about
    }
    return {**standing, "flags": len(waiting), "flag_ids": waiting, "single": single}


def _signed(count: VoteCount) -> list[dict[str, str]]:
    return [{"by": by, "verdict": verdict} for verdict, people in count.votes.items() for by in people]


def hours_since(moment: datetime) -> int:
    """Count whole hours from a time to now."""
    return int((clock().now() - moment).total_seconds() // 3600)
