"""Text as words are compared, whatever its case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UMLAUTS: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "\u2019": "'", "\u2018": "'", "\u2013": "-", "\u2014": " "}
)
_NOISE: Final = re.compile(r"[^a-z0-9&'./,%+_-]+")
_EDGES: Final = re.compile(r"^[&'.,/+_-]+|[&'.,/+_-]+$")


def normalise(text: str) -> str:
    """Give text as words are compared: lower case, umlauts spelt out, no accents, no punctuation around."""
    lowered = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    words = (_EDGES.sub("", word) for word in _NOISE.sub(" ", plain).split())
    return " ".join(word.removesuffix("'s") for word in words if word)
