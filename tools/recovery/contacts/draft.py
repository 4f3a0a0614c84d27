"""What a source of contacts gives, and what it is given beside the party."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ContactDraft:
    """One address or number: from where, how sure, on what legal basis, for how many days it may be kept."""

    kind: str
    value: str
    source: str
    confidence: float
    legal_basis: str
    name: str = ""
    position: str = ""
    days: int | None = None


@dataclass(frozen=True)
class PartyFacts:
    """What a source knows of a party. facts: its place, zone and language; not_asked: why it was not.

    away: why it gave no answer. site: the party's website, where the source is sure of it.
    """

    source: str
    contacts: Sequence[ContactDraft]
    facts: Mapping[str, Any] | None = None
    not_asked: str = ""
    away: str = ""
    site: str = ""

    @property
    def answer(self) -> str:
        """Say what it gave, or why it gave nothing."""
        if self.away:
            return f"away: {self.away}"
        return f"not asked: {self.not_asked}" if self.not_asked else f"{len(self.contacts)} found"


@dataclass(frozen=True)
class Site:
    """What sources before said of a party: its website with how sure that is, and a person's name."""

    url: str = ""
    confidence: float = 0.0
    person: str = ""
