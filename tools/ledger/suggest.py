"""What somebody may have meant: the closest of the names that exist."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process, utils

_CLOSE = 65.0
_MOST = 30  # names that one message lists
_LONGEST = 40


def remedy_of(word: str, among: Iterable[str]) -> str:
    """Give a remedy: "Did you mean 'amount'? There are: ...", or the names alone when none is close."""
    names = [name for name in among if name]
    if not names:
        return "There are none."
    if any("\0" in name for name in names):
        return "It is no text, so no CSV file: export the table as CSV or Parquet."
    best = process.extractOne(word, names, processor=utils.default_process, score_cutoff=_CLOSE)
    listed = f"There are: {_listed(names)}."
    return f"Did you mean '{best[0]}'? {listed}" if best else listed


def _listed(names: list[str]) -> str:
    """Name what there is, but not a page of it: a wrong delimiter makes one name of a whole line."""
    shown = [name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…" for name in names[:_MOST]]
    more = [f"and {len(names) - _MOST} more"] if len(names) > _MOST else []
    return ", ".join([*shown, *more])
