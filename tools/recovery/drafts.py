"""What a source says is owed, before it is a claim: the party, the documents, the amount to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from tools.core.digest import digest
from tools.store.models import PartyRole

OWED, BASIS, CREDIT = "owed", "basis", "credit"
COST, INTEREST = "cost", "interest"  # of late payment
KINDS: Final = (
    "double_payment",
    "double_charge",
    "paid_to_other_vendor",
    "missed_credit",
    "unapplied_payment",
    "price_difference",
    "utility_overcharge",
    "prospect",
    "overdue_invoice",
)


@dataclass(frozen=True)
class PartyDraft:
    """Who owes. role: vendor, customer or prospect; key: the normalised name."""

    role: PartyRole
    name: str
    key: str
    external_id: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    industry: str = ""


@dataclass(frozen=True)
class ItemDraft:
    """One posting of a claim. role: owed (what has to come back), basis (what it is held against), credit."""

    role: str
    document: str
    amount_minor: int
    currency: str
    reference: str = ""
    dated_on: date | None = None
    due_on: date | None = None
    row_key: str = ""
    source: str = ""
    file: str = ""
    line: int | None = None
    flag_id: str = ""
    note: str = ""

    def as_row(self, claim_id: str) -> dict[str, Any]:
        """Give it as a row of a claim's items."""
        key = [claim_id, self.role, self.document, self.row_key, str(self.dated_on), self.amount_minor]
        return {"item_id": digest(key)[:20], "claim_id": claim_id, **asdict(self)}


@dataclass(frozen=True)
class ClaimDraft:
    """A claim as it was found. low, high: minor units, where the amount is not exact."""

    entity: str
    kind: str
    party: PartyDraft
    title: str
    basis: str
    currency: str
    items: Sequence[ItemDraft]
    hold: str = ""
    low_minor: int | None = None
    high_minor: int | None = None
    features: dict[str, str] = field(default_factory=dict)

    @property
    def amount_minor(self) -> int:
        """What is owed, less what came back already."""
        owed = sum(item.amount_minor for item in self.items if item.role == OWED)
        return owed - sum(item.amount_minor for item in self.items if item.role == CREDIT)

    @property
    def arisen_on(self) -> date | None:
        """The day of the earliest open item: when it was due, else when it was paid."""
        days = [item.due_on or item.dated_on for item in self.items if item.role == OWED]
        return min((day for day in days if day), default=None)

    @property
    def fingerprint(self) -> str:
        """The same for the same party, kind and documents, over runs."""
        documents = sorted(f"{item.document}/{item.row_key}" for item in self.items if item.role == OWED)
        return digest([self.entity, self.party.role, self.party.key, self.kind, documents])

    @property
    def party_id(self) -> str:
        """The party's id: the same over runs."""
        return "P-" + digest([self.entity, self.party.role, self.party.key])[:10]

    @property
    def claim_id(self) -> str:
        """The claim's id: the same over runs."""
        return "K-" + self.fingerprint[:10]
