"""A sentence that asks in which state the rows of the question before are: "more than 30 days overdue?"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tools.front_desk import alternatives, figures, subjects
from tools.front_desk.answering import COLUMN_OF
from tools.front_desk.continuation import is_led, open_readings, refers
from tools.front_desk.figures import Figure
from tools.front_desk.marks import SentenceMarks
from tools.front_desk.summing_up import aggregate_of
from tools.front_desk.understanding import OTHER_THAN, Understanding, readings_of

_ASKS: Final = ("aggregates", "which", "who", "compare", "listing")


def narrowed(marks: SentenceMarks, reading: Understanding, before: Understanding) -> Understanding | None:
    """Keep whose rows were asked about; both are offered where the sentence may stand by itself.

    None where it asks for no state of those rows, or nothing narrowed them.
    """
    rows = open_readings(before)
    own = readings_of(reading)
    if not rows or not _is_state(marks) or not _are_same_rows(own, rows):
        return None
    narrowing = rows[0].filters or rows[0].left_out or rows[0].currency or rows[0].over or rows[0].under
    if not narrowing and not rows[0].period:
        return None
    return _of_those(marks, _summed_up_alike(own, rows), rows[0])


def subject(marks: SentenceMarks, before: Understanding) -> list[Figure]:
    """Give the figures of the rows before in the state that a sentence asks for: "how many were late?"."""
    nouns = dict.fromkeys(figures.by_name(row.figure).population.noun for row in open_readings(before))
    if not _is_state(marks) or marks.unread:
        return []
    return [figure for noun in nouns for figure in subjects.of_noun(marks, noun, aggregate_of(marks))]


def _of_those(marks: SentenceMarks, own: list[Understanding], row: Understanding) -> Understanding:
    if lacking := _lacking(own[0], row):
        label = figures.by_name(own[0].figure).label
        why = f"{label} cannot be narrowed to {', '.join(lacking)}: ask for it whole."
        return Understanding("refused", "figure", why=why)
    whole = [version for item in own for version in _kept(item, row)]
    whole += [item for item in own if not _leans(marks) and item not in whole]
    return alternatives.only_or_choice(whole)


def _is_state(marks: SentenceMarks) -> bool:
    return marks.has("qualifiers") and not marks.asked_nouns and not marks.has("phrases")


def _are_same_rows(own: Sequence[Understanding], rows: Sequence[Understanding]) -> bool:
    nouns = {figures.by_name(item.figure).population.noun for item in rows}
    return all(item.figure and figures.by_name(item.figure).population.noun in nouns for item in own)


def _leans(marks: SentenceMarks) -> bool:
    """Say whether a sentence names no rows, asks nothing by itself, or says "of those"."""
    alone = subjects.subjects(marks)
    return not alone or is_led(marks) or refers(marks) or not any(map(marks.has, _ASKS))


def _summed_up_alike(own: list[Understanding], rows: Sequence[Understanding]) -> list[Understanding]:
    """Leave out sums where rows were counted, and the other way round."""
    ways = {figures.by_name(item.figure).aggregate for item in rows}
    return [item for item in own if figures.by_name(item.figure).aggregate in ways] or own


def _lacking(reading: Understanding, row: Understanding) -> list[str]:
    """Name what narrowed the rows before and cannot narrow the ones asked for now."""
    dimensions = figures.by_name(reading.figure).population.dimensions
    named = {**row.filters, **row.left_out}
    return [COLUMN_OF[name] for name, keys in named.items() if keys and COLUMN_OF[name] not in dimensions]


def _kept(reading: Understanding, row: Understanding) -> list[Understanding]:
    """Narrow a reading as the rows before were; as of now, and at the end of their window."""
    kinds = {kind for kind, _ in reading.entities}
    kinds |= {kind.removesuffix(f" {OTHER_THAN}") for kind in kinds}
    now = replace(
        reading,
        filters={**row.filters, **reading.filters},
        left_out={name: keys for name, keys in row.left_out.items() if name not in reading.filters}
        | dict(reading.left_out),
        currency=reading.currency or row.currency,
        over=reading.over or row.over,
        under=reading.under or row.under,
        inclusive=[*row.inclusive, *reading.inclusive],
        entities=[*(item for item in row.entities if item[0] not in kinds), *reading.entities],
    )
    if not row.period or reading.period:
        return [now]
    then = replace(now, period=row.period)
    return [then, now] if figures.by_name(reading.figure).population.at_end else [then]
