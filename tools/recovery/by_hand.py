"""What a person records about a claim: each with an event that names who and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tools.core.errors import UsageError
from tools.recovery import states
from tools.store import Store
from tools.store.models import ClaimStatus

TO: Final[Mapping[str, ClaimStatus]] = {
    "meeting": "meeting_booked",
    "lost": "lost",
    "archive": "archived",
    "won": "won",
}


def record(store: Store, claim_id: str, action: str, by: str, note: str) -> None:
    """Hold or release a claim, or change its state; what ends it needs a reason, a win its document.

    Raises RunError for a state that does not follow, UsageError without a reason.
    """
    if action != "release" and not note.strip():
        raise UsageError("say why.", remedy="Give it with --note.")
    with store.begin() as session:
        claim = states.locked(session, claim_id)
        details = {"note": note}
        if action in ("hold", "release"):
            claim.hold = note if action == "hold" else ""
            session.flush()
            states.event(session, claim_id, action, by=by, details=details)
            return
        states.move(session, claim, TO[action], by=by, details=details)
        claim.outcome, claim.note = f"{action} by {by}", note
