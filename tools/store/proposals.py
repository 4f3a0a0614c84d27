"""Proposed changes of the rules, what became of them, and the changes that were made.

save(store, round_id, since, until, proposals)        idempotent; refused ones are kept, too
get(store, proposal_id) -> Proposal                    the beginning of an id will do
status_of(store, proposal_id) -> str                   "" where there is none
find(store, status=, round_id=, limit=, offset=) -> list[Proposal]      newest first
settle(store, proposal_id, status, by=, note=)         once; on the desk's trail
record(store, change_id, ...) -> RuleChange            once; on the desk's trail
made(store) -> list[RuleChange]                        newest first
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.errors import RunError
from tools.store import trail
from tools.store.database import Store
from tools.store.models import Proposal, RuleChange
from tools.store.writes import insert_new

UNDECIDED: Final = ("open", "testing")
LEARNED: Final = ("suppress", "loosen", "tighten")  # what reviews lead to; others are drafted by hand


def save(
    store: Store, round_id: str, since: datetime, until: datetime, proposals: Sequence[Mapping[str, Any]]
) -> None:
    """Keep a round's proposals; what is kept already stays as it is.

    proposals: as tools.feedback.proposing gives them. One with a refusal is `refused`, others are `open`.
    """
    now = clock().now()
    rows = [
        {
            "proposal_id": proposal["proposal_id"],
            "round_id": round_id,
            "kind": proposal["kind"],
            "test": proposal["test"],
            "vendor": proposal["vendor"],
            "status": "refused" if proposal["refusals"] else "open",
            "made_at": now,
            "since": since,
            "until": until,
            "details": dict(proposal),
            "decided_by": "",
            "decided_at": None,
            "note": "; ".join(proposal["refusals"]),
        }
        for proposal in proposals
    ]
    statuses = {row["proposal_id"]: row["status"] for row in rows}
    with store.begin() as session:
        insert_new(session, Proposal, rows)
        _supersede(session, round_id, rows)
        details = {"round_id": round_id, "proposals": statuses}
        trail.append(
            store, trail.DESK, "tieout", "changes proposed", details=details, once=f"proposed:{round_id}"
        )


def _supersede(session: Session, round_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Close what earlier rounds left open about the same: the newer one knows more."""
    for row in rows:
        same = (Proposal.kind == row["kind"], Proposal.test == row["test"], Proposal.vendor == row["vendor"])
        session.execute(
            update(Proposal)
            .where(*same, Proposal.status == "open", Proposal.round_id != round_id)
            .values(status="superseded", note=f"by {row['proposal_id']}")
        )


def get(store: Store, proposal_id: str) -> Proposal:
    """Give a proposal by its id, or by the beginning of it. Raises RunError when none or several fit."""
    with store.read() as session:
        exact = session.get(Proposal, proposal_id)
        begins = Proposal.proposal_id.startswith(proposal_id, autoescape=True)
        proposals = [exact] if exact else list(session.scalars(select(Proposal).where(begins).limit(2)))
    if len(proposals) != 1:
        raise RunError(
            f"there is no one proposal '{proposal_id}'.", remedy="'tieout feedback list' lists them."
        )
    return proposals[0]


def status_of(store: Store, proposal_id: str) -> str:
    """Give how a proposal stands; "" where there is none."""
    with store.read() as session:
        proposal = session.get(Proposal, proposal_id)
        return proposal.status if proposal else ""


def find(
    store: Store,
    *,
    status: str | None = None,
    round_id: str | None = None,
    kinds: Sequence[str] = LEARNED,
    limit: int = 100,
    offset: int = 0,
) -> list[Proposal]:
    """List proposals, the newest first: of feedback, or of other kinds; of every kind where it is empty."""
    query = select(Proposal).order_by(Proposal.made_at.desc(), Proposal.proposal_id)
    query = query.where(Proposal.kind.in_(kinds)) if kinds else query
    for column, value in ((Proposal.status, status), (Proposal.round_id, round_id)):
        query = query.where(column == value) if value is not None else query
    with store.read() as session:
        return list(session.scalars(query.limit(limit).offset(offset)))


def settle(store: Store, proposal_id: str, status: str, *, by: str, note: str = "") -> Proposal:
    """Record what became of a proposal; the same again writes nothing."""
    with store.begin() as session:
        proposal = session.get(Proposal, proposal_id, with_for_update=True)
        if proposal is None:
            raise RunError(f"there is no proposal '{proposal_id}'.")
        if proposal.status != status:
            before, proposal.status = proposal.status, status
            proposal.decided_by, proposal.decided_at, proposal.note = by, clock().now(), note
            details = {"proposal_id": proposal_id, "from": before, "to": status, "note": note}
            trail.append(store, trail.DESK, by, f"change {status.replace('_', ' ')}", details=details)
        return proposal


def record(
    store: Store,
    proposal_id: str,
    what: str,
    *,
    author: str,
    reason: str,
    before_digest: str,
    after_digest: str,
    diff: str,
) -> None:
    """Keep that the rules file was changed, once for each proposal and what was done with it."""
    row = {
        "change_id": f"{proposal_id}:{what}",
        "proposal_id": proposal_id,
        "what": what,
        "author": author,
        "reason": reason,
        "before_digest": before_digest,
        "after_digest": after_digest,
        "diff": diff,
        "at": clock().now(),
    }
    with store.begin() as session:
        insert_new(session, RuleChange, [row])
        details = {
            name: row[name] for name in ("proposal_id", "what", "reason", "before_digest", "after_digest")
        }
        trail.append(
            store,
            trail.DESK,
            author,
            "rules changed",
            outputs=after_digest,
            details=details,
            once=f"rules:{row['change_id']}",
        )


def changes(store: Store) -> list[RuleChange]:
    """List the changes that were made to the rules file, the newest first."""
    with store.read() as session:
        return list(session.scalars(select(RuleChange).order_by(RuleChange.at.desc(), RuleChange.change_id)))
