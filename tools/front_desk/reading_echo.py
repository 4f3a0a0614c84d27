"""How a question was understood, said back in words: figure, whose, which window, split, currency."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tools.front_desk import figures
from tools.front_desk.answering import COLUMN_OF
from tools.front_desk.understanding import Understanding

# What an entity of a kind narrows.
_FILTER_OF: Final = {column: name for name, column in COLUMN_OF.items()}


def echo(reading: Understanding) -> str:
    """Say back how a question was understood: figure, whose, which window, split, currency."""
    if not reading.figure:
        return reading.echo or reading.intent.replace("_", " ")
    parts = [_measure(reading)]
    parts += [f"{kind} {label}" for kind, label in reading.entities]
    parts += _bounds(reading)
    parts += [reading.currency] if reading.currency else []
    parts += [f"by {reading.by}"] if reading.by else []
    parts += [_first_of(reading)] * bool(reading.most or reading.rank)
    parts.append(str(reading.period[2]) if reading.period else "all that the books hold")
    parts += [f"held against {reading.compared[2]}"] if reading.compared else []
    parts += [_of_whole(reading)] * bool(reading.share)
    parts += [f"'{typed}' read as '{word}'" for typed, word in reading.corrected]
    return ", ".join(parts)


def _bounds(reading: Understanding) -> list[str]:
    lower = "at least" if "over" in reading.inclusive else "over"
    upper = "at most" if "under" in reading.inclusive else "under"
    return [
        *([f"{lower} {reading.over}"] if reading.over else []),
        *([f"{upper} {reading.under}"] if reading.under else []),
        *([f"at least {reading.least_days} days late"] if reading.least_days else []),
        *([f"at most {reading.most_days} days late"] if reading.most_days else []),
    ]


def _measure(reading: Understanding) -> str:
    label = figures.by_name(reading.figure).label
    if reading.counted:
        return f"Number of different values of {reading.counted} of {label.lower()}"
    if reading.mean_over:
        return f"{label} per {reading.mean_over} on average"
    return f"{label} in per cent" if reading.share else label


def _first_of(reading: Understanding) -> str:
    count = f"the {reading.most} " if reading.most else "the "
    if not reading.rank:
        return count + ("least" if reading.order == "least" else "first")
    measured = " in per cent" if reading.in_percent else ""
    return f"{count}{'smallest' if reading.order == 'least' else 'greatest'} by {reading.rank}{measured}"


def _of_whole(reading: Understanding) -> str:
    """Say of what it is a part: without which of the names, or of which other figure."""
    entities = [] if "left_out" in reading.share else reading.entities
    kept = [f"{kind} {label}" for kind, label in entities if _FILTER_OF.get(kind) not in reading.share]
    whole = figures.by_name(reading.whole or reading.figure).label.lower()
    return "of all " + ", ".join([whole, *kept])


def with_echo(reading: Understanding) -> Understanding:
    """Give a reading with what is said back."""
    return replace(reading, echo=echo(reading))
