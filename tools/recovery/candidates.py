"""A claim that money may be for: what names it, and what is open on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.store.models import RecoveryClaim, RecoveryItem, RecoveryParty


@dataclass
class Candidate:
    """A claim with its party and items. numbers: of its documents; own_rows: what it rests on.

    coming_minor: what the postings that are being read bring it; party_id, plain_id (the claim's): read once,
    for each posting looks at them.
    """

    claim: RecoveryClaim
    party: RecoveryParty
    numbers: frozenset[str]
    own_rows: frozenset[str]
    items: Sequence[RecoveryItem] = ()
    coming_minor: int = 0
    party_id: str = field(init=False)
    plain_id: str = field(init=False)

    def __post_init__(self) -> None:
        """Read the ids."""
        self.party_id, self.plain_id = self.party.party_id, plain(self.claim.claim_id)

    @property
    def open_minor(self) -> int:
        """Give what is open, in minor units."""
        return self.claim.amount_minor - self.claim.recovered_minor - self.coming_minor


def plain(text: object) -> str:
    """Give a number as its letters and digits alone, in upper case."""
    return "".join(filter(str.isalnum, str(text or "").upper()))
