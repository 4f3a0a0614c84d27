"""Where the columns of a printed list stand: by position, under a header, blanks between them.

The rule under a header says it; else columns are what blanks of two and more leave apart on every posting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DAY: Final = re.compile(
    r"(?<![\w.,/-])(?:\d{1,2}[./-]\d{1,2}(?:[./-](?:\d{4}|\d{2}))?|\d{4}[./-]\d{2}[./-]\d{2}"
    r"|\d{1,2}[ -][A-Za-z]{3}(?:[ -]\d{2,4})?|[A-Za-z]{3} \d{1,2})(?![\w,/-])"
)
_AMOUNT: Final = re.compile(r"(?:^| {2})[-+(]?\d[\d.,' ]*[.,]\d{2}\)? ?(?:-|[CD][RB]?)?(?= {2}|\s*$)")
_TOKEN: Final = re.compile(r"\S+(?: \S+)*")
_RULE: Final = re.compile(r"\s*(?:[-=_]{2,}\s+){2,}[-=_]{2,}\s*")
RULER: Final = re.compile(r"[\s\-=_+*]{3,}")
_DELIMITED: Final = re.compile(r"[;\t|]")
_LEAST: Final = 2  # postings, and columns of a header beside one
_MOSTLY: Final = 0.8
_SAMPLE: Final = 2_000  # postings whose blanks are looked at
_ABOVE: Final = 4  # lines over the first posting, or rules among them, in which its header stands

Span = tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """A list's columns: where each stands, its names, and the line (from 0) of its header."""

    spans: tuple[Span, ...]
    names: tuple[str, ...]
    header: int


def layout(lines: Sequence[str]) -> Layout | None:
    """Tell the columns of a text; None where it is no list of postings by position."""
    postings = [at for at, line in enumerate(lines) if is_posting(line)]
    dated = sum(bool(DAY.search(line)) for line in lines[postings[0] :]) if postings else 0
    if len(postings) < _LEAST or len(postings) < _MOSTLY * (dated - _LEAST):
        return None
    header = next((at for at in _above(lines, postings[0]) if _is_header(lines[at])), None)
    if header is None:
        return None
    rule = next((line for line in lines[max(header - 1, 0) : header + 2] if _RULE.fullmatch(line)), "")
    sample = [lines[at] for at in postings[:_SAMPLE]]
    spans = _runs(rule) if rule else _apart(sample, lines[header])
    return Layout(tuple(spans), tuple(placed(lines[header], spans)), header) if len(spans) > _LEAST else None


def is_posting(line: str) -> bool:
    """Whether a line has a day and behind it an amount, apart by blanks, and nothing that delimits cells."""
    day = DAY.search(line)
    return bool(day and _AMOUNT.search(line, day.end()) and not _DELIMITED.search(line))


def placed(line: str, spans: Sequence[Span]) -> list[str]:
    """Give a line's cells: each text in the column that it lies in, or next to; words apart over several."""
    cells: list[list[str]] = [[] for _ in spans]
    for token in _TOKEN.finditer(line):
        over = [at for at, span in enumerate(spans) if _shared((token.start(), token.end()), span) > 0]
        parts = [token] if len(over) <= 1 else re.compile(r"\S+").finditer(line, token.start(), token.end())
        for part in parts:
            where = (part.start(), part.end())
            cells[max(range(len(spans)), key=lambda at: _shared(where, spans[at]))].append(part[0])
    return [" ".join(words) for words in cells]


def _shared(first: Span, second: Span) -> int:
    """Count the characters that two spans share; below nought, how far they are apart."""
    return min(first[1], second[1]) - max(first[0], second[0])


def _above(lines: Sequence[str], first: int) -> list[int]:
    """Give the lines over the first posting that are neither blank nor a rule, the nearest first."""
    above = [at for at in range(first) if lines[at].strip() and not RULER.fullmatch(lines[at])]
    return above[::-1][:_ABOVE]


def _is_header(line: str) -> bool:
    """Whether a line names columns: several texts apart, hardly a number among them."""
    cells = _TOKEN.findall(line)
    numbered = sum(any(c.isdigit() for c in cell) for cell in cells)
    is_delimited = _DELIMITED.search(line) or line.count(",") >= _LEAST
    return len(cells) > _LEAST and not numbered and not is_delimited


def _runs(rule: str) -> list[Span]:
    return [(run.start(), run.end()) for run in re.finditer(r"\S+", rule)]


def _apart(postings: Sequence[str], header: str) -> list[Span]:
    """Give the stretches that are filled on some line, two blanks and more between them.

    A name beside its column, over nothing, and a column under no name are one.
    """
    width = max(map(len, (*postings, header)))
    filled = _occupied(postings, width)
    whole = [a or b for a, b in zip(filled, _occupied([header], width), strict=True)]
    spans = _stretches(whole)
    merged: list[Span] = []
    for span in spans:
        has_name = header[span[0] : span[1]].strip() != ""
        if merged and not (has_name and any(filled[span[0] : span[1]])):
            left = merged[-1]
            alone = header[left[0] : left[1]].strip() != "" and not any(filled[left[0] : left[1]])
            if alone and not has_name:
                merged[-1] = (left[0], span[1])
                continue
        merged.append(span)
    return merged


def _occupied(lines: Sequence[str], width: int) -> list[bool]:
    """Say of each position whether it is filled on some line; a blank between two words is."""
    filled = [False] * width
    for line in lines:
        for token in _TOKEN.finditer(line):
            filled[token.start() : token.end()] = [True] * (token.end() - token.start())
    return filled


def _stretches(filled: Sequence[bool]) -> list[Span]:
    text = "".join("x" if is_filled else " " for is_filled in filled)
    return [(run.start(), run.end()) for run in re.finditer(r"x+", text)]
