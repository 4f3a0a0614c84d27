"""What somebody may have meant: the closest of the names that exist."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process, utils

_CLOSE = 65.0


def meant(word: str, among: Iterable[str]) -> str:
    """Give a remedy: "Did you mean 'amount'? There are: ...", or the names alone when none is close."""
    names = [name for name in among if name]
    if not names:
        return "There are none."
    best = process.extractOne(word, names, processor=utils.default_process, score_cutoff=_CLOSE)
    listed = f"There are: {', '.join(names)}."
    return f"Did you mean '{best[0]}'? {listed}" if best else listed
