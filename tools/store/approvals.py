"""Requests to people, and what they decided.

request(store, run_id, kind, attempt=, risk=, payload=, needs=, barred=) -> Approval   idempotent
decide(store, request_id, {subject: verdict}, by=, role=, note=, changes=)   one verdict a person and subject
tally(store, request_id) -> {subject: Standing(verdict, need, votes)}        verdict "" while open
decisions(store, request_id) -> list[Decision]
open_for(store, run_id) -> Approval | None
of_run(store, run_id) -> list[Approval]
waiting(store) -> list[Approval]                                             oldest first
close(store, request_id, outcome)
get(store, request_id) -> Approval
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tools import trail
from tools.clock import clock
from tools.errors import IdentityError, RunError
from tools.store import recorded
from tools.store.database import Store
from tools.store.models import Approval, Decision, Verdict
from tools.store.writes import insert_new


@dataclass(frozen=True)
class Standing:
    """How a subject stands: the verdict that enough different people gave, or "" until then."""

    verdict: str
    need: int
    votes: dict[str, list[str]] = field(default_factory=dict)  # verdict -> who gave it


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
) -> Approval:
    """Ask people once per run, kind and attempt; asked again, gives the request as it is.

    needs: subject (a flag id, or "gate") -> how many different people have to agree.
    barred: subject -> users who may not decide it.
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
    }
    with store.begin() as session:
        insert_new(session, Approval, [row])
        asked = _found(session, request_id)
        details = {name: getattr(asked, name) for name in ("request_id", "kind", "risk", "needs", "barred")}
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
    verdict, while the request is open, replaces the person's first (the trail keeps both).
    Raises RunError for a closed request or a subject that it does not ask for; IdentityError for a
    person who may not decide the subject.
    """
    with store.begin() as session:
        asked = _found(session, request_id, for_update=True)
        before = {one.subject: one for one in decisions(store, request_id) if one.by == by}
        changed = {
            subject: verdict
            for subject, verdict in verdicts.items()
            if subject not in before or before[subject].verdict != verdict
        }
        for subject, verdict in changed.items():
            _refuse(asked, subject, by)
            decision = before.get(subject) or Decision(request_id=request_id, subject=subject, by=by)
            decision.verdict, decision.role, decision.note = verdict, role, note
            decision.at, decision.changes = clock().now(), dict(changes or {})
            session.add(decision)
        session.flush()
        if changed:
            details = {"request_id": request_id, "role": role, "note": note, "changes": dict(changes or {})}
            trail.append(store, asked.run_id, by, recorded.DECIDED, details={**details, "verdicts": changed})


def tally(store: Store, request_id: str) -> dict[str, Standing]:
    """Say how every subject of a request stands."""
    with store.read():
        asked = get(store, request_id)
        return standings(asked.needs, decisions(store, request_id))


def standings(needs: Mapping[str, int], given: Sequence[Decision]) -> dict[str, Standing]:
    """Count different people per verdict: a subject is settled when one verdict has as many as it needs."""
    votes: dict[str, dict[str, list[str]]] = {subject: {} for subject in needs}
    for decision in given:
        people = votes.get(decision.subject, {}).setdefault(decision.verdict, [])
        if decision.by not in people:
            people.append(decision.by)
    return {subject: _standing(need, votes[subject]) for subject, need in needs.items()}


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


def _standing(need: int, votes: dict[str, list[str]]) -> Standing:
    settled = [verdict for verdict, people in votes.items() if len(people) >= need]
    return Standing(settled[0] if settled else "", need, votes)


def _found(session: Session, request_id: str, *, for_update: bool = False) -> Approval:
    found = session.get(Approval, request_id, with_for_update=for_update)
    if found is None:
        raise RunError(f"there is no request '{request_id}'.", remedy="'tieout runs' lists who waits.")
    return found


def _refuse(asked: Approval, subject: str, by: str) -> None:
    if asked.status != "open":
        raise RunError(f"request {asked.request_id} is closed ({asked.outcome}).")
    if subject not in asked.needs:
        raise RunError(f"request {asked.request_id} does not ask about '{subject}'.")
    if by in asked.barred.get(subject, []):
        raise IdentityError(f"{by} may not decide {subject}: another person has to.")
