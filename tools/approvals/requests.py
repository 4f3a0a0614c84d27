"""Requests to people, and what they decided: for any graph.

ask(store, run_id, draft) -> RequestRef               once a run, kind and attempt; queues its notice
decide(store, request_id, {subject: verdict}, by=, roles=, note=, changes=)   one verdict a person and subject
ballot(store, request_id) -> Ballot                   how it stands, unit by unit
expired(store) -> list; escalated(store, request_id, to=) -> bool             once; it stays open
decisions(store, request_id) -> list[Decision]
open_for(store, run_id), of_run(store, run_id), about(store, subject), waiting(store)
close(store, request_id, outcome)
get(store, request_id) -> ApprovalRequest
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tools.approvals import eligibility
from tools.approvals.struck import struck
from tools.approvals.votes import Ballot
from tools.core.clock import clock
from tools.core.errors import IdentityError, RunError
from tools.core.refs import RequestRef
from tools.core.severity_levels import RISKS
from tools.notices import notice
from tools.store import runs, trail, trail_contradictions
from tools.store.database import Store
from tools.store.models import ApprovalRequest, Decision, Verdict
from tools.store.writes import insert_new


@dataclass(frozen=True)
class Draft:
    """What is to be asked.

    subjects: mappings with subject, risk, description, and optionally title, choices, severity, exposure,
    currency, why, quorum, page. words: the allowed answers. units: subject -> what is decided one by one.
    needs: unit or subject -> how many different people have to agree. barred: unit or subject -> user ->
    reason (eligibility.REASONS). expires_hours: after them it goes to escalates_to, too; 0 never.
    roles: who is told besides approvers. recipient: of the settings, told in any case.
    names: label -> names that a masked notice hides.
    """

    kind: str
    title: str
    subjects: Sequence[Mapping[str, Any]]
    needs: Mapping[str, int]
    words: Sequence[str] = ("approve", "reject")
    reasons: Sequence[str] = ()
    units: Mapping[str, Sequence[str]] = field(default_factory=dict)
    barred: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    expires_hours: float = 0
    escalates_to: str = "controller"
    page: str = ""
    roles: Sequence[str] = ()
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    recipient: str = ""


def ask(store: Store, run_id: str, draft: Draft) -> RequestRef:
    """Write a request and its notice, and let the run wait; asked again by a replay, it is the same one."""
    with store.begin() as session:
        runs.live(session, run_id)  # whoever asks for the same run waits here, and nowhere later
        request = open_for(store, run_id, draft.kind) or _write(store, run_id, draft)
        name = f"ask-{request.kind}-{request.attempt}"
        notice.tell(store, name, notice.of_request(store, request), also=draft.recipient)
        runs.set_status(store, run_id, "waiting")
        return RequestRef(request_id=request.request_id, kind=request.kind)


def _write(store: Store, run_id: str, draft: Draft) -> ApprovalRequest:
    attempt = sum(1 for before in of_run(store, run_id) if before.kind == draft.kind) + 1
    request_id, now = f"{run_id}-{draft.kind}-{attempt}", clock().now()
    row = {
        "request_id": request_id,
        "run_id": run_id,
        "kind": draft.kind,
        "attempt": attempt,
        "risk": max((str(subject["risk"]) for subject in draft.subjects), key=RISKS.index, default="HIGH"),
        "title": draft.title,
        "payload": _payload(draft),
        "words": list(draft.words),
        "needs": dict(draft.needs),
        "barred": {unit: dict(people) for unit, people in draft.barred.items()},
        "escalates_to": draft.escalates_to,
        "status": "open",
        "outcome": "",
        "requested_at": now,
        "closed_at": None,
        "expires_at": now + timedelta(hours=draft.expires_hours) if draft.expires_hours else None,
        "escalated_at": None,
    }
    with store.begin() as session:
        insert_new(session, ApprovalRequest, [row])
        request = _by_id(session, request_id)
        details = {name: getattr(request, name) for name in ("request_id", "kind", "risk", "barred")}
        details["needs"] = _needs(request)
        trail.append(store, run_id, "tieout", "asked", details=details, once=f"asked:{request_id}")
        return request


def _payload(draft: Draft) -> dict[str, Any]:
    return {
        "reasons": list(draft.reasons),
        "subjects": [dict(subject) for subject in draft.subjects],
        "units": {subject: list(units) for subject, units in draft.units.items()},
        "page": draft.page,
        "roles": list(draft.roles),
        "names": {label: list(names) for label, names in draft.names.items()},
    }


def decide(
    store: Store,
    request_id: str,
    verdicts: Mapping[str, Verdict],
    *,
    by: str,
    roles: Sequence[str],
    note: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Record what a person decided, here and on the trail: all subjects or none.

    by: whoever was authenticated, never what an answer says. The same again writes nothing; another
    verdict replaces the person's first (the trail keeps both), unless that has settled part of it. Votes of
    people who may not decide any more are void, where they have settled nothing.
    Raises RunError for a closed request, a subject that it does not ask for or that others have settled;
    IdentityError for a person who may not decide the subject.
    """
    with store.begin() as session:
        request = _by_id(session, request_id, for_update=True)
        _void_struck(store, session, request)
        votes = decisions(store, request_id)
        before = {vote.subject: vote for vote in votes if vote.by == by}
        changed = {
            subject: verdict
            for subject, verdict in verdicts.items()
            if subject not in before or _differs(before[subject], verdict, changes or {})
        }
        _refuse(Ballot(request, votes), changed, by, roles, changes or {})
        for subject, verdict in changed.items():
            decision = before.get(subject) or Decision(request_id=request_id, subject=subject, by=by)
            decision.verdict, decision.role, decision.note = verdict, ", ".join(roles), note
            decision.at, decision.changes = clock().now(), dict(changes or {})
            session.add(decision)
        session.flush()
        if changed:
            details = {"request_id": request_id, "role": ", ".join(roles), "note": note}
            recorded = {**details, "changes": dict(changes or {}), "verdicts": changed}
            trail.append(store, request.run_id, by, trail_contradictions.DECIDED, details=recorded)


def _refuse(
    ballot: Ballot, changed: Mapping[str, str], by: str, roles: Sequence[str], changes: Mapping[str, Any]
) -> None:
    counts = ballot.counts() if changed else {}
    for subject, verdict in changed.items():
        word = eligibility.Word(subject, verdict, changes)
        why = eligibility.refusal(ballot, counts, word, by, roles)
        if not why:
            continue
        barred = any(by in ballot.barred(unit) for unit in ballot.units(subject))
        raise (
            IdentityError if barred or eligibility.role_refusal(by, roles, ballot.request.kind) else RunError
        )(why)


def _void_struck(store: Store, session: Session, request: ApprovalRequest) -> None:
    votes = decisions(store, request.request_id)
    gone = struck({vote.by for vote in votes}, request.kind)
    if not gone or request.status != "open":
        return
    ballot = Ballot(request, votes)
    counts = ballot.counts()
    for vote in votes:
        units = ballot.units(vote.subject)
        if vote.by in gone and len(ballot.waiting(vote.subject, counts)) == len(units):
            session.delete(vote)
            details = {
                "request_id": request.request_id,
                "subject": vote.subject,
                "verdict": str(vote.verdict),
            }
            trail.append(store, request.run_id, vote.by, trail_contradictions.VOID, details=details)
    session.flush()


def ballot(store: Store, request_id: str) -> Ballot:
    """Give a request with its votes."""
    with store.read():
        return Ballot(get(store, request_id), decisions(store, request_id))


def expired(store: Store, now: datetime | None = None) -> list[ApprovalRequest]:
    """List open requests whose time is over and that nobody else was told of, the oldest first."""
    query = select(ApprovalRequest).where(
        ApprovalRequest.status == "open",
        ApprovalRequest.escalated_at.is_(None),
        ApprovalRequest.expires_at <= (now or clock().now()),
    )
    with store.read() as session:
        return list(session.scalars(query.order_by(ApprovalRequest.request_no)))


def escalated(store: Store, request_id: str, *, to: str) -> bool:
    """Record that a request went to a senior role, too; it stays open. Say whether that was new."""
    with store.begin() as session:
        request = _by_id(session, request_id, for_update=True)
        if request.status != "open" or request.escalated_at is not None:
            return False
        request.escalated_at = clock().now()
        session.flush()
        details = {"request_id": request_id, "to": to, "asked": request.requested_at.isoformat()}
        trail.append(
            store, request.run_id, "tieout", "escalated", details=details, once=f"escalated:{request_id}"
        )
        return True


def decisions(store: Store, request_id: str) -> list[Decision]:
    """Give all decisions on a request, in the order in which they came."""
    query = select(Decision).where(Decision.request_id == request_id).order_by(Decision.decision_id)
    with store.read() as session:
        return list(session.scalars(query))


def get(store: Store, request_id: str) -> ApprovalRequest:
    """Give a request. Raises RunError when there is none."""
    with store.read() as session:
        return _by_id(session, request_id)


def open_for(store: Store, run_id: str, kind: str = "") -> ApprovalRequest | None:
    """Give the request at which a run waits, the newest where there are several."""
    query = select(ApprovalRequest).where(ApprovalRequest.run_id == run_id, ApprovalRequest.status == "open")
    if kind:
        query = query.where(ApprovalRequest.kind == kind)
    with store.read() as session:
        return session.scalar(query.order_by(ApprovalRequest.request_no.desc()).limit(1))


def of_run(store: Store, run_id: str) -> list[ApprovalRequest]:
    """Give all requests of a run, in the order in which they were written."""
    query = select(ApprovalRequest).where(ApprovalRequest.run_id == run_id)
    with store.read() as session:
        return list(session.scalars(query.order_by(ApprovalRequest.request_no)))


def waiting(store: Store, kind: str = "") -> list[ApprovalRequest]:
    """List open requests, of one kind where it is named, the oldest first."""
    query = select(ApprovalRequest).where(ApprovalRequest.status == "open")
    if kind:
        query = query.where(ApprovalRequest.kind == kind)
    with store.read() as session:
        return list(session.scalars(query.order_by(ApprovalRequest.request_no)))


def about(store: Store, subject: str, kind: str) -> ApprovalRequest | None:
    """Give the open request of a kind that asks about a subject."""
    return next((request for request in waiting(store, kind) if subject in Ballot(request, []).groups), None)


def close(store: Store, request_id: str, outcome: str) -> None:
    """Close a request; closed again, it keeps its first outcome."""
    with store.begin() as session:
        session.execute(
            update(ApprovalRequest)
            .where(ApprovalRequest.request_id == request_id, ApprovalRequest.status == "open")
            .values(status="closed", outcome=outcome, closed_at=clock().now())
        )


def _by_id(session: Session, request_id: str, *, for_update: bool = False) -> ApprovalRequest:
    query = select(ApprovalRequest).where(ApprovalRequest.request_id == request_id)
    request = session.scalar(query.with_for_update() if for_update else query)
    if request is None:
        raise RunError(f"there is no request '{request_id}'.", remedy="'tieout runs' lists who waits.")
    return request


def _differs(before: Decision, verdict: Verdict, changes: Mapping[str, Any]) -> bool:
    return before.verdict != verdict or (verdict == "modify" and before.changes != dict(changes))


def _needs(request: ApprovalRequest) -> dict[str, Any]:
    """Give the needs by subject, for the trail: by unit they would fill pages."""
    unvoted = Ballot(request, [])
    return {name: count.need for name, count in unvoted.of_subjects(unvoted.counts()).items()}
