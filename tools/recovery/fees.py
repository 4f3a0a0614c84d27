"""The fee ledger: a contingency fee on each amount that came back, and what was written off."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select

from tools.core import money
from tools.core.clock import clock
from tools.core.errors import IdentityError, UsageError
from tools.identity import roles
from tools.identity.people import Person
from tools.recovery import states
from tools.rules.recovery import RecoveryRules
from tools.store import Store
from tools.store.models import FeeEntry
from tools.store.models import RecoveryClaim as Claim
from tools.store.writes import insert_new

_E4 = 10_000


def fee_row(claim: Claim, base_minor: int, share: float, *, once: str) -> dict[str, Any] | None:
    """Make the fee on an amount that came back, half up to the minor unit; none where the share is 0."""
    rate = round(share * _E4)
    if not rate:
        return None
    fee = int((Decimal(base_minor) * rate / _E4).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return _row(
        claim,
        "fee",
        base_minor=base_minor,
        rate_e4=rate,
        amount_minor=fee,
        by="tieout",
        note="",
        once=once,
    )


def write_off(store: Store, claim_id: str, rules: RecoveryRules, person: Person, note: str) -> None:
    """Give up what is open on a claim, with a reason, as a person whose authority reaches so far.

    Raises IdentityError for one whose does not, UsageError without a reason, RunError for a closed claim.
    """
    if not note.strip():
        raise UsageError("a write-off needs its reason.", remedy="Give it with --note.")
    with store.begin() as session:
        claim = states.locked(session, claim_id)
        left = claim.amount_minor - claim.recovered_minor
        _require_authority(person, claim, left, rules)
        states.move(session, claim, "lost", by=person.user, details={"note": note}, once="written off")
        claim.outcome, claim.note = "written off", note
        session.flush()
        entry = _row(
            claim, "write_off", base_minor=left, rate_e4=_E4, amount_minor=left, by=person.user,
            note=note, once="write_off",
        )  # fmt: skip
        insert_new(session, FeeEntry, [entry])


def _require_authority(person: Person, claim: Claim, left: int, rules: RecoveryRules) -> None:
    if not roles.may(person.roles, "decide"):
        raise IdentityError(f"{person.user} may not write claims off.", remedy="An approver may.")
    above = money.to_decimal(left, claim.currency) > rules.write_off_limit
    if above and "controller" not in person.roles:
        raise IdentityError(
            f"{money.to_display(left, claim.currency)} is above what {person.user} may write off.",
            remedy="A controller may (rules: recovery.write_off_limit).",
        )


def _row(claim: Claim, kind: str, **columns: object) -> dict[str, Any]:
    return {
        "claim_id": claim.claim_id,
        "kind": kind,
        "currency": claim.currency,
        "at": clock().now(),
        **columns,
    }


def rows(store: Store) -> list[dict[str, Any]]:
    """List the ledger, oldest first, amounts as decimal text."""
    with store.read() as session:
        entries = session.scalars(select(FeeEntry).order_by(FeeEntry.entry_id))
        return [
            {
                **entry.as_dict(),
                "amount": money.to_text(entry.amount_minor, entry.currency),
                "base": money.to_text(entry.base_minor, entry.currency),
            }
            for entry in entries
        ]
