"""Words that several currencies share: dollars are those of the country whose books are asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

_SHARED: Final[Mapping[str, Sequence[str]]] = {
    "dollars": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"),
    "crowns": ("NOK", "SEK", "DKK", "CZK", "ISK"),
    "pounds": ("GBP", "EGP", "LBP"),
    "francs": ("CHF", "XOF", "XAF"),
}


def currency(word: str, home: str) -> str:
    """Give the code that a word stands for: the entity's own where it is one of that name, else the first."""
    named = _SHARED.get(word, (word,))
    return home if home in named else named[0]
