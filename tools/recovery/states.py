"""The eleven states of a claim, and what leads from one to another.

move(session, claim, to, by=, details=, once=)     change a claim's state, with its event
moved(claim, to, by=, ...) -> event                the same of many claims: their events are recorded together
event(session, claim_id, kind, by=, ...)           record what happened without a change of state
events(session, [event_row(claim_id, ...)])        the same of many claims at once
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.errors import RunError
from tools.store.models import ClaimStatus, RecoveryClaim, RecoveryEvent
from tools.store.writes import insert_new

STATES: Final[tuple[ClaimStatus, ...]] = get_args(ClaimStatus)
CLOSED: Final[tuple[ClaimStatus, ...]] = ("won", "lost", "no_response", "archived")
LIVE: Final[tuple[ClaimStatus, ...]] = tuple(state for state in STATES if state not in CLOSED)
WRITTEN: Final[tuple[ClaimStatus, ...]] = ("approved", "contacted", "replied", "meeting_booked")
# Money may come at any time, and after a claim was given up, too; else only a reply opens a closed one.
NEXT: Final[Mapping[ClaimStatus, tuple[ClaimStatus, ...]]] = {
    "new": ("enriched", "won", "archived"),
    "enriched": ("scored", "won", "archived"),
    "scored": ("approved", "won", "archived"),
    "approved": ("contacted", "won", "lost", "archived"),
    "contacted": ("replied", "meeting_booked", "won", "lost", "no_response", "archived"),
    "replied": ("meeting_booked", "won", "lost", "no_response", "archived"),
    "meeting_booked": ("replied", "won", "lost", "no_response", "archived"),
    "no_response": ("replied", "won", "lost", "archived"),
    "lost": ("won",),
    "archived": ("won",),
    "won": (),
}


def move(
    session: Session,
    claim: RecoveryClaim,
    to: ClaimStatus,
    *,
    by: str,
    details: Mapping[str, Any] | None = None,
    once: str | None = None,
) -> None:
    """Change a claim's state and record it, as `moved` does; to the state that it is in, nothing."""
    row = moved(claim, to, by=by, details=details, once=once)
    if row is not None:
        session.flush()
        events(session, [row])


def moved(
    claim: RecoveryClaim,
    to: ClaimStatus,
    *,
    by: str,
    details: Mapping[str, Any] | None = None,
    once: str | None = None,
) -> dict[str, Any] | None:
    """Change a claim's state and give its event, for `events`; None where it is in that state already.

    Raises RunError for a state that does not follow from the one it is in.
    """
    if claim.status == to:
        return None
    if to not in NEXT[claim.status]:
        raise RunError(
            f"claim {claim.claim_id} is {claim.status}; {to} does not follow from it.",
            remedy=f"From here: {', '.join(NEXT[claim.status]) or 'nothing'}.",
        )
    before, now = claim.status, clock().now()
    claim.status, claim.status_at = to, now
    claim.closed_at = now if to in CLOSED else None
    claim.hold = "" if to in CLOSED else claim.hold
    return event_row(claim.claim_id, to, by=by, details={"from": before, **(details or {})}, once=once)


def event(
    session: Session,
    claim_id: str,
    kind: str,
    *,
    by: str,
    details: Mapping[str, Any] | None = None,
    once: str | None = None,
) -> bool:
    """Record what happened to a claim; say whether it is new (`once` names what a replay repeats)."""
    if once is not None:
        same = (RecoveryEvent.claim_id == claim_id, RecoveryEvent.once == once)
        if session.scalar(select(RecoveryEvent.event_id).where(*same)) is not None:
            return False
    events(session, [event_row(claim_id, kind, by=by, details=details, once=once)])
    return True


def event_row(
    claim_id: str,
    kind: str,
    *,
    by: str,
    details: Mapping[str, Any] | None = None,
    once: str | None = None,
) -> dict[str, Any]:
    """Make what happened to a claim just now, for `events`."""
    return {
        "claim_id": claim_id,
        "kind": kind,
        "by": by,
        "at": clock().now(),
        "details": dict(details or {}),
        "once": once,
    }


def events(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Record what happened to many claims; what a replay repeats (`once`) stays as it is."""
    insert_new(session, RecoveryEvent, rows)


def locked(session: Session, claim_id: str) -> RecoveryClaim:
    """Give a claim, locked until the transaction ends. Raises RunError where there is none."""
    claim = session.get(RecoveryClaim, claim_id, with_for_update=True, populate_existing=True)
    if claim is None:
        raise RunError(f"there is no claim '{claim_id}'.", remedy="'tieout claims' lists them.")
    return claim
