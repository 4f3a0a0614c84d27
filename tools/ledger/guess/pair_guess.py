"""A pair of sources as proposed, and what speaks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tools.ledger.guess.source_draft import SourceDraft

FEW: Final = 5  # rows below which nothing is concluded


@dataclass(frozen=True)
class PairGuess:
    """A pair as proposed, and why."""

    value: dict[str, Any]
    why: str


def pair_of(left: SourceDraft, right: SourceDraft, mode: str, **more: object) -> dict[str, Any]:
    """Give a pair as the sources file holds it."""
    return {
        "name": f"{left.name}_to_{right.name}",
        "left": left.name,
        "right": right.name,
        "mode": mode,
        **more,
    }
