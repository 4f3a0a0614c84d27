"""A claim that money may be for: what names it, and what is open on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.store.models import RecoveryClaim, RecoveryItem, RecoveryParty


@dataclass
class Candidate:
    """A claim with its party and items. numbers: of its documents; own_rows: what it rests on.

    coming_minor: what the postings that are being read bring it.
    """

    claim: RecoveryClaim
    party: RecoveryParty
    numbers: frozenset[str]
    own_rows: frozenset[str]
    items: Sequence[RecoveryItem] = ()
    coming_minor: int = 0

    @property
    def open_minor(self) -> int:
        """Give what is open, in minor units."""
        return self.claim.amount_minor - self.claim.recovered_minor - self.coming_minor
