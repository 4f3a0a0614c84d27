"""Whether a column is blank where lines of one kind have nothing to say in it: a deposit names no vendor."""

from __future__ import annotations

from collections import Counter
from typing import Final

from tools.ledger.guess.source_draft import SourceDraft

_KINDS: Final = 30  # values of a column that tells kinds of lines apart, at most
_FEWEST: Final = 5  # blank lines, and lines of a kind: fewer are nothing to learn from
_ALL: Final = 0.9  # share of the lines of a kind that are blank
_MOST: Final = 0.8  # share of the blank lines that are of such kinds


def blank_by_kind(draft: SourceDraft, name: str) -> bool:
    """Say whether a canonical column's blank cells are those of certain kinds of lines, not omissions."""
    file = draft.file
    at = file.names.index(draft.columns[name])
    blank = [line for line in file.lines if not line[at]]
    if len(blank) < _FEWEST:
        return False
    for place, column in enumerate(file.columns):
        if place == at or not 1 < len(column.values) <= _KINDS:
            continue
        whole = Counter(line[place] for line in file.lines)
        missing = Counter(line[place] for line in blank)
        of_kinds = sum(
            n for kind, n in missing.items() if kind and whole[kind] >= _FEWEST and n >= _ALL * whole[kind]
        )
        if of_kinds >= _MOST * len(blank):
            return True
    return False
