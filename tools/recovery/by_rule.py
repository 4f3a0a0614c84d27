"""Claims that a rule approves: `auto_approve: contact_found` of the rules file.

left_to_rule(session, entity, rules) -> set of claim ids     those that the rule may approve
not_reached(session, run_id) -> set of claim ids             those of earlier runs, without a contact
approve_found(entity, with_contact) -> int                   approves those of parties with a contact
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.recovery import states
from tools.recovery.drafts import OWED
from tools.rules.model import Rules
from tools.store import Store, open_store
from tools.store.models import Contact, RecoveryClaim, RecoveryItem, RecoveryParty

BY: Final = "rule (contact found)"
_RISKS: Final = ("LOW", "MEDIUM")


def left_to_rule(session: Session, entity: str, rules: Rules) -> set[str]:
    """Name the scored claims that are the rule's: LOW or MEDIUM, no prospect's, none on hold.

    Every line that is owed has to be of a flag, which a person confirmed before it became a claim; what a
    vendor's statement or a bill says alone, nobody has.
    """
    if rules.recovery.auto_approve != "contact_found":
        return set()
    of_flags = (
        select(RecoveryItem.claim_id)
        .where(RecoveryItem.role == OWED)
        .group_by(RecoveryItem.claim_id)
        .having(func.min(RecoveryItem.flag_id) != "")
    )
    query = (
        select(RecoveryClaim.claim_id)
        .join(RecoveryParty, RecoveryParty.party_id == RecoveryClaim.party_id)
        .where(RecoveryClaim.entity == entity, RecoveryClaim.status == "scored", RecoveryClaim.hold == "")
        .where(RecoveryClaim.risk.in_(_RISKS), RecoveryParty.role != "prospect")
        .where(RecoveryClaim.claim_id.in_(of_flags))
    )
    return set(session.scalars(query))


def not_reached(session: Session, run_id: str) -> set[str]:
    """Name the scored claims of earlier runs whose party has no address: the rule had its turn."""
    addresses = select(Contact.party_id).where(Contact.kind == "email", Contact.status == "valid")
    query = (
        select(RecoveryClaim.claim_id)
        .where(RecoveryClaim.status == "scored", RecoveryClaim.run_id != run_id)
        .where(RecoveryClaim.party_id.not_in(addresses))
    )
    return set(session.scalars(query))


def approve_found(entity: str, with_contact: set[str]) -> int:
    """Approve by rule the claims of parties with a contact; give how many."""
    limits = settings.load()
    return approve(open_store(limits.database_url), load_rules(limits.rules), entity, with_contact)


def approve(store: Store, rules: Rules, entity: str, with_contact: set[str]) -> int:
    """Approve what the rule leaves to a contact that was found, as by the rule, never as a person."""
    approved = 0
    with store.begin() as session:
        for claim_id in sorted(left_to_rule(session, entity, rules)):
            claim = states.locked(session, claim_id)
            if claim.status == "scored" and claim.party_id in with_contact:
                claim.approved_by = BY
                states.move(session, claim, "approved", by=BY, once="approved")
                approved += 1
    return approved
