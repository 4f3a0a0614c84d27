"""What a file spreads over several columns: a day over three, what a posting is for over two."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from tools.core.missing import is_missing
from tools.ledger.guess.bank_accounts import holds_bank_accounts
from tools.ledger.guess.directions import sides
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.nameless_columns import has_words
from tools.ledger.guess.party_parts import party_parts
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.vocabulary import vocabulary, words

_PARTS: Final = ("year", "month", "day")
_LARGEST: Final = {"year": 2100, "month": 12, "day": 31}
_HALF: Final = 0.5
_SOME: Final = 0.1
_MASKED: Final = re.compile(r"[\dXx]{4}[- ]?[\d*Xx\u2022]{2,4}[- ]?[*Xx\u2022]{4}[\w*-]*(\s+\w{1,2})?$")
_CLASSES: Final = frozenset(("type", "category", "state", "currency"))
_NAMED: Final = re.compile(r"[^\W\d_]{4}")
_LONG: Final = 7  # letters of a text: shorter ones are codes of what was done


def with_joined(file: FileProfile) -> FileProfile:
    """Give a file with a column more for each that its columns make together; in `joined`, of which."""
    if not file.lines:
        return file
    joined = {}
    texts = _texts(file) if file.has_header else _nameless_texts(file)
    for parts in (_day(file), texts, party_parts(file) if file.has_header else ()):
        name = " + ".join(parts)
        if len(parts) > 1 and name not in file.names:
            joined[name] = parts
            file = _joined(file, name, parts)
    return replace(file, joined=joined)


def _joined(file: FileProfile, name: str, parts: Sequence[str]) -> FileProfile:
    at = [file.names.index(part) for part in parts]
    cells = [" ".join(line[i] for i in at if not is_missing(line[i])) for line in file.lines]
    column = FileColumn(name, Counter(filter(None, cells)), len(cells))
    lines = tuple((*line, cell) for line, cell in zip(file.lines, cells, strict=True))
    return replace(file, columns=(*file.columns, column), lines=lines)


def _day(file: FileProfile) -> tuple[str, ...]:
    """Name the columns of year, month and day, where no column has all three."""
    if any(column.is_day for column in file.columns):
        return ()
    names: list[str] = []
    for part in _PARTS:
        accepted = vocabulary().date_parts[part]
        columns = [c for c in file.columns if accepted & {*words(c.name), *c.name} and c.name not in names]
        names += [column.name for column in columns if _is_within(column, part)][:1]
    return tuple(names) if len(names) == len(_PARTS) else ()


def _is_within(column: FileColumn, part: str) -> bool:
    numbers = [int(value) for value in column.values if value.isdecimal()]
    return len(numbers) == len(column.values) > 0 and min(numbers) > 0 and max(numbers) <= _LARGEST[part]


def _texts(file: FileProfile) -> tuple[str, ...]:
    """Name the columns of text that are called the description and nothing else, if there are several.

    One alone where it tells all lines apart and the others but name classes of them.
    """
    texts = [column for column in file.columns if _describes(column)]
    if any(map(_is_often_a_card, texts)):
        return tuple(column.name for column in file.columns if column in texts or _is_behind_a_card(column))
    if going_on := _nameless_behind(file):
        return going_on
    if not texts and (numbered := _numbered(file)):
        return numbered
    telling = [
        column for column in texts if column.distinct > 1 - _HALF / 2 and column.filled > 1 - _HALF / 2
    ]
    classes = [column for column in texts if column.distinct <= _HALF]
    return () if telling and classes else tuple(column.name for column in texts)


def _nameless_behind(file: FileProfile) -> tuple[str, ...]:
    """Name a description and the columns without a name right behind it: it goes on in them."""
    for at, column in enumerate(file.columns, 1):
        if not column.is_description or not column.is_text:
            continue
        numbered = enumerate(file.columns[at:], at + 1)
        behind = [c for _, c in takewhile(lambda pair: pair[1].name == f"column {pair[0]}", numbered)]
        texts = [c.name for c in behind if c.values and c.is_text]
        if texts:
            return (column.name, *texts)
    return ()


def _numbered(file: FileProfile) -> tuple[str, ...]:
    """Name the texts that are called alike but for a number, Ref1 and Ref2, where none is a description."""
    if any(column.is_description and column.values for column in file.columns):
        return ()
    groups: dict[tuple[str, ...], list[FileColumn]] = {}
    for column in file.columns:
        alike = tuple(word for word in column.words if not word.isdigit())
        if alike != column.words and column.is_text and column.values:
            groups.setdefault(alike, []).append(column)
    group = max(groups.values(), key=len, default=[])
    return tuple(c.name for c in group) if len(group) > 1 and any(map(has_words, group)) else ()


def _is_often_a_card(column: FileColumn) -> bool:
    """Whether some values are masked numbers of cards: what was bought stands in another column there."""
    masked = sum(n for value, n in column.values.items() if _MASKED.match(value))
    return masked > _SOME * column.rows


def _is_behind_a_card(column: FileColumn) -> bool:
    """Whether a column may hold what was bought: texts that tell lines apart, no class of them."""
    is_class = _CLASSES & set(column.words)
    return (
        column.is_text and not is_class and column.distinct > _HALF and any(map(_NAMED.search, column.values))
    )


def _describes(column: FileColumn) -> bool:
    listed = vocabulary()
    telling = [word for word in words(column.name) if not word.isdigit() and word not in listed.whole_texts]
    beside = set(column.name.casefold().split()) & listed.side_notes
    return (
        bool(telling)
        and set(telling) == {"description"}
        and not beside
        and column.is_text
        and len(column.values) > 1
    )


def _nameless_texts(file: FileProfile) -> tuple[str, ...]:
    """Name the columns of words that tell lines apart in a file without a header."""
    texts = [c for c in file.columns if c.is_text and c.filled > _HALF and c.distinct > _HALF]
    long = [column for column in texts if column.length >= _LONG and has_words(column)]
    worded = [column for column in long if not holds_bank_accounts(column) and not sides(column)]
    return tuple(column.name for column in worded) if len(worded) > 1 else ()
