"""The part of a document that speaks of a row: cut out, with its place."""

from __future__ import annotations

import re
from typing import Any, Final

WIDTH: Final = 300
_LOOKED: Final = 200_000  # characters that are looked through for the place


def cut(text: str, term: str) -> dict[str, Any]:
    """Give the excerpt around a term, and its place.

    term: as it was searched for; an amount stands with or without thousands separators. Keys: excerpt
    (with "..." where something is left out), span_start, span_end (of the words themselves).
    """
    match = _pattern(term).search(text, 0, _LOOKED)
    place = match.start() if match else 0
    start = max(0, place - WIDTH // 3)
    if start:  # not in the middle of a word
        start = next((at for at in range(start, place) if text[at - 1].isspace()), start)
    end = min(len(text), start + WIDTH)
    shown = " ".join(text[start:end].split())
    excerpt = f"{'... ' if start else ''}{shown}{' ...' if end < len(text) else ''}"
    return {"excerpt": excerpt, "span_start": start, "span_end": end}


def _pattern(term: str) -> re.Pattern[str]:
    """Find a term as a word; digits of an amount may be grouped."""
    if re.fullmatch(r"\d+(?:\.\d+)?", term):
        whole, _, cents = term.partition(".")
        digits = "[,.' ]?".join(whole)
        return re.compile(rf"(?<!\d){digits}{f'[.,]{cents}0?' if cents else ''}(?!\d)")
    letters = r"[-./_# ]?".join(re.escape(part) for part in re.split(r"[-./_#]", term))
    return re.compile(rf"(?<![a-z0-9]){letters}(?![a-z0-9])", re.IGNORECASE)
