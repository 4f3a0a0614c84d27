"""Several readings of one sentence, offered to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from tools.front_desk import figures
from tools.front_desk.foreign_names import may_have
from tools.front_desk.marks import NARROWED, SentenceMarks
from tools.front_desk.names import LedgerName
from tools.front_desk.reading_echo import with_echo
from tools.front_desk.understanding import Understanding

_MOST_CHOICES: Final = 8


def tied(marks: SentenceMarks, readings: Sequence[Understanding]) -> Understanding:
    """Ask which of several things of one name is meant, of those that the figure knows."""
    words, names = marks.ties[0]
    if len(marks.ties) > 1:
        why = "; ".join(
            f"'{text}' may be {', '.join(n.label for n in several[:3])}" for text, several in marks.ties
        )
        return Understanding("refused", "figure", why=f"{why}: write the whole names.")
    pairs = [(reading, name) for reading in readings for name in names if _can_narrow(reading, name)]
    if not pairs:
        why = f"'{words}' is nothing by which this can be narrowed."
        return Understanding("unread", "figure", unread=[words], why=why)
    if len(pairs) == 1 and len(names) > 1:
        return _with_name(*pairs[0])
    several = len(readings) > 1
    return Understanding(
        "choose",
        readings[0].intent,
        choices=[_tie(reading, name, several=several) for reading, name in pairs[:_MOST_CHOICES]],
        why=f"'{words}' may be several things."
        + (" These are the first; write more of the name." if len(pairs) > _MOST_CHOICES else ""),
    )


def _can_narrow(reading: Understanding, name: LedgerName) -> bool:
    population = figures.by_name(reading.figure).population
    return name.kind in population.dimensions and may_have(population, name)


def _tie(reading: Understanding, name: LedgerName, *, several: bool) -> dict[str, Any]:
    item = with_echo(_with_name(reading, name))
    return {"label": item.echo if several else f"{name.kind} {name.label}", "reading": item.as_dict()}


def _with_name(reading: Understanding, name: LedgerName) -> Understanding:
    if name.kind == "currency":
        return replace(reading, currency=name.label)
    kind = NARROWED[name.kind]
    filters = {**reading.filters, kind: [*reading.filters.get(kind, ()), *name.keys]}
    return replace(reading, filters=filters, entities=[*reading.entities, [name.kind, name.label]])


def only_or_choice(readings: Sequence[Understanding]) -> Understanding:
    """Give the only reading; ask which of several is meant."""
    return readings[0] if len(readings) == 1 else choosing(readings)


def choosing(readings: Sequence[Understanding]) -> Understanding:
    """Ask which of several readings is meant."""
    by_label = {reading.echo: reading for reading in map(with_echo, readings)}
    choices: list[dict[str, Any]] = [
        {"label": label, "reading": reading.as_dict()} for label, reading in by_label.items()
    ]
    return Understanding("choose", "figure", choices=choices, why="this can be read in several ways.")
