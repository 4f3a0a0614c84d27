"""Requests to people, and what they decided.

request(store, run_id, kind, attempt=, risk=, payload=, needs=, barred=, expires_at=) -> Approval   idempotent
decide(store, request_id, {subject: verdict}, by=, role=, note=, changes=)   one verdict a person and subject
ballot(store, request_id) -> Ballot                                          how it stands, flag by flag
tally(store, request_id) -> {subject: Standing(verdict, need, votes)}        verdict "" while open
expired(store) -> list[Approval]; escalated(store, request_id, to=) -> bool  once; it stays open
decisions(store, request_id) -> list[Decision]
open_for(store, run_id) -> Approval | None
of_run(store, run_id) -> list[Approval]
waiting(store) -> list[Approval]                                             oldest first
close(store, request_id, outcome)
get(store, request_id) -> Approval
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.errors import IdentityError, RunError
from tools.store import trail, trail_contradictions
from tools.store.ballots import Ballot, Standing
from tools.store.database import Store
from tools.store.models import Approval, Decision, Verdict
from tools.store.writes import insert_new


def request_id_of(run_id: str, kind: str, attempt: int) -> str:
    """Give the id of a request: a replay asks the same."""
    return f"{run_id}-{kind}-{attempt}"


def request(
    store: Store,
    run_id: str,
    kind: str,
    *,
    attempt: int = 1,
    risk: str = "HIGH",
    payload: Mapping[str, Any] | None = None,
    needs: Mapping[str, int] | None = None,
    barred: Mapping[str, Sequence[str]] | None = None,
    expires_at: datetime | None = None,
) -> Approval:
    """Ask people once per run, kind and attempt; asked again, gives the request as it is.

    payload: "flags" holds the flags of each subject. needs: flag or subject ("gate") -> how many different
    people have to agree. barred: flag or subject -> users who may not decide it. expires_at: when it goes to
    somebody else, too.
    """
    request_id = request_id_of(run_id, kind, attempt)
    row = {
        "request_id": request_id,
        "run_id": run_id,
        "kind": kind,
        "attempt": attempt,
        "risk": risk,
        "payload": dict(payload or {}),
        "needs": dict(needs or {}),
        "barred": {subject: list(users) for subject, users in (barred or {}).items()},
        "status": "open",
        "outcome": "",
        "requested_at": clock().now(),
        "closed_at": None,
        "expires_at": expires_at,
        "escalated_at": None,
    }
    with store.begin() as session:
        insert_new(session, Approval, [row])
        asked = _found(session, request_id)
        details = {name: getattr(asked, name) for name in ("request_id", "kind", "risk", "barred")}
        details["needs"] = _needs(asked)
        trail.append(store, run_id, "tieout", "asked", details=details, once=f"asked:{request_id}")
        return asked


def decide(
    store: Store,
    request_id: str,
    verdicts: Mapping[str, Verdict],
    *,
    by: str,
    role: str = "",
    note: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Record what a person decided, here and on the trail: all subjects or none.

    by: whoever was authenticated, never what an answer says. The same again writes nothing; another
    verdict replaces the person's first (the trail keeps both), unless that has settled part of it.
    Raises RunError for a closed request, a subject that it does not ask for or that others have settled;
    IdentityError for a person who may not decide the subject.
    """
    with store.begin() as session:
        asked = _found(session, request_id, for_update=True)
        given = decisions(store, request_id)
        before = {one.subject: one for one in given if one.by == by}
        changed = {
            subject: verdict
            for subject, verdict in verdicts.items()
            if subject not in before or _differs(before[subject], verdict, changes or {})
        }
        held = Ballot(asked, given)
        standings = held.standings() if changed else {}
        for subject in changed:
            _refuse(asked, held, standings, subject, by)
            if subject in before and any(standings[unit].verdict for unit in held.units(subject)):
                raise RunError(f"part of {subject} is settled: say otherwise flag by flag.")
        for subject, verdict in changed.items():
            decision = before.get(subject) or Decision(request_id=request_id, subject=subject, by=by)
            decision.verdict, decision.role, decision.note = verdict, role, note
            decision.at, decision.changes = clock().now(), dict(changes or {})
            session.add(decision)
        session.flush()
        if changed:
            details = {"request_id": request_id, "role": role, "note": note, "changes": dict(changes or {})}
            trail.append(
                store,
                asked.run_id,
                by,
                trail_contradictions.DECIDED,
                details={**details, "verdicts": changed},
            )


def ballot(store: Store, request_id: str) -> Ballot:
    """Give a request with its votes."""
    with store.read():
        return Ballot(get(store, request_id), decisions(store, request_id))


def tally(store: Store, request_id: str) -> dict[str, Standing]:
    """Say how every subject of a request stands."""
    held = ballot(store, request_id)
    return held.of_subjects(held.standings())


def expired(store: Store, now: datetime | None = None) -> list[Approval]:
    """List open requests whose time is over and that nobody else was told of, the oldest first."""
    query = select(Approval).where(
        Approval.status == "open",
        Approval.escalated_at.is_(None),
        Approval.expires_at <= (now or clock().now()),
    )
    with store.read() as session:
        return list(session.scalars(query.order_by(Approval.requested_at)))


def escalated(store: Store, request_id: str, *, to: str) -> bool:
    """Record that a request went to a senior role, too; it stays open. Say whether that was new."""
    with store.begin() as session:
        asked = _found(session, request_id, for_update=True)
        if asked.status != "open" or asked.escalated_at is not None:
            return False
        asked.escalated_at = clock().now()
        session.flush()
        details = {"request_id": request_id, "to": to, "asked": asked.requested_at.isoformat()}
        trail.append(
            store, asked.run_id, "tieout", "escalated", details=details, once=f"escalated:{request_id}"
        )
        return True


def decisions(store: Store, request_id: str) -> list[Decision]:
    """Give all decisions on a request, in the order in which they came."""
    query = select(Decision).where(Decision.request_id == request_id).order_by(Decision.decision_id)
    with store.read() as session:
        return list(session.scalars(query))


def get(store: Store, request_id: str) -> Approval:
    """Give a request. Raises RunError when there is none."""
    with store.read() as session:
        return _found(session, request_id)


def open_for(store: Store, run_id: str) -> Approval | None:
    """Give the request at which a run waits."""
    query = select(Approval).where(Approval.run_id == run_id, Approval.status == "open")
    with store.read() as session:
        return session.scalar(query.order_by(Approval.requested_at.desc()).limit(1))


def of_run(store: Store, run_id: str) -> list[Approval]:
    """Give all requests of a run, the oldest first."""
    query = select(Approval).where(Approval.run_id == run_id)
    with store.read() as session:
        return list(session.scalars(query.order_by(Approval.requested_at, Approval.request_id)))


def waiting(store: Store) -> list[Approval]:
    """List open requests, the oldest first."""
    query = select(Approval).where(Approval.status == "open").order_by(Approval.requested_at)
    with store.read() as session:
        return list(session.scalars(query))


def close(store: Store, request_id: str, outcome: str) -> None:
    """Close a request; closed again, it keeps its first outcome."""
    with store.begin() as session:
        session.execute(
            update(Approval)
            .where(Approval.request_id == request_id, Approval.status == "open")
            .values(status="closed", outcome=outcome, closed_at=clock().now())
        )


def _found(session: Session, request_id: str, *, for_update: bool = False) -> Approval:
    found = session.get(Approval, request_id, with_for_update=for_update)
    if found is None:
        raise RunError(f"there is no request '{request_id}'.", remedy="'tieout runs' lists who waits.")
    return found


def _differs(before: Decision, verdict: Verdict, changes: Mapping[str, Any]) -> bool:
    return before.verdict != verdict or (verdict == "modify" and before.changes != dict(changes))


def _needs(asked: Approval) -> dict[str, Any]:
    """Give the needs by subject, for the trail: by flag they would fill pages."""
    held = Ballot(asked, [])
    return {name: standing.need for name, standing in held.of_subjects(held.standings()).items()}


def _refuse(asked: Approval, held: Ballot, standings: Mapping[str, Standing], subject: str, by: str) -> None:
    if asked.status != "open":
        raise RunError(f"request {asked.request_id} is closed ({asked.outcome}).")
    waiting = [unit for unit in held.units(subject) if not standings[unit].verdict]
    if not held.units(subject):
        raise RunError(f"request {asked.request_id} does not ask about '{subject}'.")
    if not waiting:
        raise RunError(f"'{subject}' is settled already: enough others have decided.")
    if any(by in held.barred(unit) for unit in waiting):
        raise IdentityError(f"{by} may not decide {subject}: another person has to.")
