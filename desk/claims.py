"""What a signed-in person records about a claim: on hold, released, met, lost, written off, archived, won."""

from __future__ import annotations

from desk.approvals.decide import signed_in
from tools.checks.rules_file import load_rules
from tools.core.errors import IdentityError, UsageError
from tools.core.settings import Settings
from tools.recovery import by_hand, fees
from tools.store import open_store

ACTIONS = ("hold", "release", "meeting", "lost", "write-off", "archive", "won")


def act(settings: Settings, claim_id: str, action: str, note: str, token: str | None) -> None:
    """Do one of ACTIONS as a signed-in person. Raises IdentityError, RunError, UsageError."""
    person = signed_in(token, settings)
    if not person.may("decide"):
        raise IdentityError(f"{person.user} may not decide on claims.", remedy="An approver may.")
    store = open_store(settings.database_url)
    if action == "write-off":
        fees.write_off(store, claim_id, load_rules(settings.rules).recovery, person, note)
        return
    if action not in ACTIONS:
        raise UsageError(
            f"'{action}' is nothing to do with a claim.", remedy=f"There are: {', '.join(ACTIONS)}."
        )
    by_hand.record(store, claim_id, action, person.user, note)
