"""A sentence that goes on with the one before it: "and by vendor?", "last year?", "on average?"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tools.front_desk import alternatives, figures, share_readings
from tools.front_desk.answering import COLUMN_OF
from tools.front_desk.composing import composed, same_part
from tools.front_desk.figures import Figure
from tools.front_desk.marks import NARROWED, SentenceMarks
from tools.front_desk.period.earlier import earlier
from tools.front_desk.summing_up import as_aggregated
from tools.front_desk.understanding import OTHER_THAN, Understanding, as_list, from_dict, period_of
from tools.front_desk.unused_words import unused

_AMOUNTS: Final = frozenset(
    {
        "how much", "amount", "total amount", "value of", "amount of", "wie viel", "wieviel", "betrag",
        "gesamtbetrag", "wie hoch", "wie hoch ist", "wie hoch sind",
    }
)  # fmt: skip
_OF_THOSE: Final = frozenset({"davon", "those", "these", "them", "dieser", "diesen", "darunter"})
_BEFORE: Final = {
    "month": "month", "monat": "month", "quarter": "quarter", "quartal": "quarter", "year": "year",
    "jahr": "year", "week": "week",
}  # fmt: skip


def open_readings(before: Understanding) -> list[Understanding]:
    """Give the figures that a question asked for; those that it offered, where none was chosen."""
    if before.figure:
        return [before]
    offered = [from_dict(choice["reading"]) for choice in before.choices if choice["reading"].get("figure")]
    return [reading for reading in offered if reading.status == "understood"]


def follows(marks: SentenceMarks, subject: list[Figure]) -> bool:
    """Say whether a sentence goes on with the one before: "and by vendor?", "last year?", "over 500?"."""
    limits = marks.over is not None or marks.under is not None or marks.weekdays
    named = marks.names or marks.ties or marks.left_out
    goes_on = bool(marks.by or marks.periods or named or marks.most or limits)
    goes_on = goes_on or bool(_unit_before(marks)) or marks.has("share") or marks.has("ordered")
    goes_on = goes_on or (marks.has("aggregates") and not marks.has("definition"))
    stray = bool(marks.unread or marks.negated or marks.has("qualifiers") or marks.asked_nouns)
    return not subject and goes_on and not stray


def leans(marks: SentenceMarks, before: Understanding) -> bool:
    """Say whether a sentence needs the one before it: "and Norrland?", "last year?", not "fuel in March"."""
    if is_led(marks) or not (marks.names or marks.ties):
        return True
    kinds = {NARROWED.get(name.kind, "") for name in marks.names}
    narrowed = {name for name, values in before.filters.items() if values}
    named = len(marks.names) + len(marks.ties)
    asks_more = bool(marks.periods or marks.by or marks.has("aggregates") or named > 1)
    return not asks_more and not narrowed - kinds


def is_led(marks: SentenceMarks) -> bool:
    """Say whether a sentence begins as one that goes on: "and ...", "what about ..."."""
    return any(place == 0 for place, _ in marks.senses["follow"])


def refers(marks: SentenceMarks) -> bool:
    """Say whether a sentence is about the rows before: "how many charges was that?", "wie viele davon"."""
    words = marks.sentence.words
    return bool(_OF_THOSE & {*words}) or words[-1:] in (["that"], ["das"])


def continued(marks: SentenceMarks, before: Understanding) -> Understanding:
    """Put what a sentence names in the place of what stood there; the rest stays."""
    if unit := _unit_before(marks):
        return _in_the_one_before(marks, before, unit)
    figure = _as_amount(marks, as_aggregated(marks, figures.by_name(before.figure)))
    base = composed(marks if _is_whole(marks) else _uncompared(marks), figure)
    if base.status != "understood":
        return base
    reading = _joined(marks, base, _without_ties(marks, before))
    if marks.has("share") and not reading.compared:
        parts = share_readings.parted(reading, share_readings.narrowings(base) or None)
        if len(parts) > 1:
            return alternatives.choosing(parts)
        reading = parts[0]
        if reading.status != "understood":
            return reading
    if words := unused(marks, reading):
        why = f"{figure.label} cannot take account of {', '.join(map(repr, words))}."
        return Understanding("unread", "figure", unread=words, why=why)
    return alternatives.tied(marks, [reading]) if marks.ties else reading


def _unit_before(marks: SentenceMarks) -> str:
    """Give the unit of "the month before", "im Vormonat", where nothing is compared; "" for none."""
    compared = [marks.phrase(place).split() for place, _ in marks.senses["compare"]]
    named = [_BEFORE[word] for words in compared for word in words if word in _BEFORE]
    if len(named) < len(compared) or len(marks.periods) + len(named) != 1:
        return ""
    return next((period.earlier for period in marks.periods), "") or next(iter(named), "")


def _in_the_one_before(marks: SentenceMarks, before: Understanding, unit: str) -> Understanding:
    """Ask the same of the period before the one that was asked about."""
    period = earlier(period_of(before.period), unit)
    if period is None:
        return Understanding("refused", "figure", why="name the period that is meant.")
    return continued(replace(_uncompared(marks), periods=[period]), before)


def _as_amount(marks: SentenceMarks, figure: Figure) -> Figure:
    """Take "and how much is that?" of a count for the sum of the same rows; "in total?" is a count still."""
    amounts = any(marks.phrase(place) in _AMOUNTS for place, _ in marks.senses["aggregates"])
    if figure.aggregate != "count" or not amounts:
        return figure
    return figures.sibling(figure, "sum") or figure


def _without_ties(marks: SentenceMarks, before: Understanding) -> Understanding:
    """Leave out what one of several of a name, still to be chosen, takes the place of."""
    kinds = {name.kind for _, names in marks.ties for name in names}
    filters = {name: values for name, values in before.filters.items() if COLUMN_OF[name] not in kinds}
    return replace(
        before, filters=filters, entities=[entity for entity in before.entities if entity[0] not in kinds]
    )


def _without_rivals(base: Understanding, before: Understanding) -> Understanding:
    """Leave out what the sentence takes the place of: "without A" ends "with A", and the other way round."""
    ended = {name for name, keys in base.left_out.items() if set(keys) & set(before.filters.get(name, ()))}
    kinds = {COLUMN_OF[name] for name in ended}
    kinds |= {f"{COLUMN_OF[name]} {OTHER_THAN}" for name in base.filters}
    return replace(
        before,
        filters={name: keys for name, keys in before.filters.items() if name not in ended},
        left_out={name: keys for name, keys in before.left_out.items() if name not in base.filters},
        entities=[entity for entity in before.entities if entity[0] not in kinds],
    )


def _uncompared(marks: SentenceMarks) -> SentenceMarks:
    """Leave out that two are held against each other: the first is the one of before."""
    senses = defaultdict(list, {kind: places for kind, places in marks.senses.items() if kind != "compare"})
    return replace(marks, senses=senses)


def _joined(marks: SentenceMarks, base: Understanding, before: Understanding) -> Understanding:
    before = _without_rivals(base, before)
    kinds = {kind for kind, _ in base.entities}
    entities = [entity for entity in before.entities if entity[0] not in kinds]
    period, compared = _windows(marks, base, before)
    return replace(
        before,
        status="understood",
        intent="compare" if compared else "figure" if before.intent == "compare" else before.intent,
        figure=base.figure,
        by=base.by or before.by,
        filters={**_whole_filters(base, before), **base.filters},
        left_out={**before.left_out, **base.left_out},
        currency=base.currency or before.currency,
        over=base.over or before.over,
        under=base.under or before.under,
        inclusive=_inclusive(base, before),
        least_days=base.least_days or before.least_days,
        most_days=base.most_days or before.most_days,
        counted=base.counted or (before.counted if base.figure == before.figure else ""),
        rank=(base.rank or before.rank) if compared else "",
        share=before.share if not base.by or not before.share else ["split"],
        period=period,
        compared=compared,
        most=base.most or (before.most if not base.by else 0),
        order=base.order if base.by or base.most or marks.has("ordered") else before.order,
        entities=[*entities, *base.entities],
        corrected=base.corrected,
        choices=(),
        unread=(),
        why="",
    )


def _inclusive(base: Understanding, before: Understanding) -> list[str]:
    """Give which bounds belong to what they bound: of each bound as it was named last."""
    stated = {"over": base.over, "under": base.under}
    return [name for name, bound in stated.items() if name in (base if bound else before).inclusive]


def _whole_filters(base: Understanding, before: Understanding) -> dict[str, Sequence[str]]:
    """Leave out what made the part of a whole, where a split takes its place."""
    ended = before.share if base.by else ()
    return {name: keys for name, keys in before.filters.items() if name not in ended}


def _is_whole(marks: SentenceMarks) -> bool:
    """Say whether both periods of a comparison are named: "Q1 against Q2", "between Q1 and Q2"."""
    return len(marks.periods) > 1 or any(period.between for period in marks.periods)


def _windows(
    marks: SentenceMarks, base: Understanding, before: Understanding
) -> tuple[list[str | None], list[str | None]]:
    """Give the window and what it is held against: "compared to last year?" keeps the window of before."""
    leaning = next((period.earlier for period in marks.periods), "")
    if marks.has("compare") and leaning and before.period and not _is_whole(marks):
        other = earlier(period_of(before.period), leaning)
        return list(before.period), as_list(other)
    if marks.has("compare") and base.period and before.period and not _is_whole(marks):
        period, other = same_part(period_of(before.period), period_of(base.period))
        return as_list(period), as_list(other)
    if base.period:
        return list(base.period), list(base.compared)
    return list(before.period), list(before.compared)


def carried(marks: SentenceMarks, reading: Understanding, before: Understanding) -> Understanding:
    """Keep the window and the names for another figure: "and the payments?" after "spend with X in March"."""
    if not (is_led(marks) or refers(marks)) or not reading.figure:
        return reading
    dimensions = figures.by_name(reading.figure).population.dimensions
    fitting = all(COLUMN_OF[name] in dimensions for name, values in before.filters.items() if values)
    narrowed = reading.filters or not fitting
    return replace(
        reading,
        period=reading.period or before.period,
        filters=reading.filters if narrowed else before.filters,
        entities=reading.entities if narrowed else [*before.entities, *reading.entities],
        currency=reading.currency or (before.currency if "currency" in dimensions else ""),
    )
