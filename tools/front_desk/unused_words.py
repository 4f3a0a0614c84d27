"""Words that were recognised but that a reading would leave out: nothing is answered without them.

unused(marks, reading) -> list[str]     phrases that the figure, its split, filters and window do not use
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final

from tools.front_desk import figures
from tools.front_desk.figures import Figure, Population
from tools.front_desk.marks import SentenceMarks
from tools.front_desk.subjects import same_qualifier
from tools.front_desk.summing_up import EXTREMES
from tools.front_desk.understanding import OTHER_THAN, Understanding

# What a population's own noun says already.
_COVERED: Final[Mapping[str, frozenset[str]]] = {
    "charge": frozenset({"spend", "expense", "vendor", "employee", "payment"}),
    "spend": frozenset({"vendor"}),
    "payment": frozenset({"invoice", "vendor"}),
    "invoice": frozenset({"vendor"}),
    "days to pay": frozenset({"invoice", "payment", "vendor"}),
    "flag": frozenset({"exposure", "vendor"}),
    "review time": frozenset({"flag"}),
    "vendor": frozenset({"vendor"}),
    "inflow": frozenset({"cash flow"}),
    "outflow": frozenset({"cash flow"}),
    "result": frozenset({"revenue"}),
}

_OF_TIMES: Final = ("longest", "shortest", "laengst", "kuerzest")
# Whose rows come in, go out, are received or handed in: "payments" are ours to others.
_WAYS: Final[Mapping[str, frozenset[str]]] = {
    "in": frozenset({"invoice", "receipt", "inflow", "flag", "revenue"}),
    "received": frozenset({"invoice", "receipt", "inflow", "flag", "revenue"}),
    "out": frozenset({"payment", "outflow"}),
    "handed in": frozenset({"receipt"}),
}


def unused(marks: SentenceMarks, reading: Understanding) -> list[str]:
    """Name what was recognised and would be left out. A place with several senses needs one that is used."""
    figure = figures.by_name(reading.figure)
    senses = defaultdict(list)
    for kind, entries in marks.senses.items():
        for place, value in entries:
            senses[place].append((kind, value))
    words = [
        marks.phrase(place)
        for place, entries in sorted(senses.items())
        if not any(_is_used(kind, value, figure, reading) for kind, value in entries)
    ]
    roles = [] if _is_role(marks, figure, reading) else [marks.phrase(at) for at, _ in marks.senses["roles"]]
    days = [marks.days] if marks.days and not _is_lateness(figure) else []
    return [*words, *_times(marks, figure), *roles, *days, *marks.ids.values(), *marks.currencies[1:]]


def _times(marks: SentenceMarks, figure: Figure) -> list[str]:
    """Name what is said of times where the figure is none: the longest overdue is not the greatest."""
    if figure.population.unit in ("days", "hours"):
        return []
    places = {place for kind in ("aggregates", "top", "bottom") for place, _ in marks.senses[kind]}
    return [marks.phrase(place) for place in sorted(places) if marks.phrase(place).startswith(_OF_TIMES)]


def _is_lateness(figure: Figure) -> bool:
    """Say whether days by which something is late may narrow a figure."""
    population = figure.population
    return "days late" in population.dimensions and bool(population.qualifiers & {"overdue", "late"})


def _is_role(marks: SentenceMarks, figure: Figure, reading: Understanding) -> bool:
    """Say whether the figure's people are who the sentence calls them, and whose it is: "approved by X"."""
    whose = "person" in (reading.by, reading.counted) or _names(reading, "person") > 0
    return not marks.has("roles") or (whose and set(marks.values("roles")) <= {figure.population.person})


def _is_used(kind: str, value: str, figure: Figure, reading: Understanding) -> bool:
    judge = _JUDGES.get(kind)
    return judge is None or judge(value, figure, reading)


def _is_qualifier(value: str, figure: Figure, reading: Understanding) -> bool:
    of_day = value in reading.filters.get("weekdays", ())
    return of_day or same_qualifier(figure.population.noun, value) in figure.population.qualifiers


def _is_weekday(value: str, figure: Figure, reading: Understanding) -> bool:
    return _is_qualifier(value, figure, reading)


def _is_share(_value: str, _figure: Figure, reading: Understanding) -> bool:
    return bool(reading.share) or bool(reading.compared)


def _is_dimension(value: str, _figure: Figure, reading: Understanding) -> bool:
    if value in (reading.counted, reading.mean_over):
        return True
    return value == reading.by or _names(reading, value) + _names(reading, f"{value} {OTHER_THAN}") > 0


def _is_order(_value: str, figure: Figure, reading: Understanding) -> bool:
    return bool(reading.most) or figure.aggregate == "smallest"


def _is_ordered(value: str, _figure: Figure, reading: Understanding) -> bool:
    """Say whether parts or rows are put in an order; that of days is one of rows."""
    return reading.intent == "list" or (bool(reading.by) and value in ("most", "least"))


def _is_top(_value: str, figure: Figure, reading: Understanding) -> bool:
    return bool(reading.most) or figure.aggregate == "largest"


def _is_comparison(_value: str, _figure: Figure, reading: Understanding) -> bool:
    return bool(reading.compared) or _names(reading, reading.by) > 1


def _is_distinct(_value: str, figure: Figure, reading: Understanding) -> bool:
    return figure.aggregate == "distinct" or bool(reading.counted)


def _is_ahead(_value: str, figure: Figure, _reading: Understanding) -> bool:
    return figure.population.ahead  # what is to come is in no books, but when it falls due


def _is_limit(_value: str, _figure: Figure, _reading: Understanding) -> bool:
    return False  # a limit whose amount was read is marked as one


def _names(reading: Understanding, kind: str) -> int:
    return sum(entity == kind for entity, _ in reading.entities)


def _is_duration(_value: str, figure: Figure, _reading: Understanding) -> bool:
    return figure.population.unit in ("days", "hours")


def _is_phrase(value: str, figure: Figure, _reading: Understanding) -> bool:
    phrase = figures.by_name(value).population
    qualifiers = figure.population.qualifiers
    states = qualifiers | {"open"} if "overdue" in qualifiers else qualifiers
    return _covers(figure.population, phrase.noun) and phrase.qualifiers <= states


def _is_way(value: str, figure: Figure, reading: Understanding) -> bool:
    """Say whether rows go the way that is said; what vendors have received is what was paid to them."""
    population = figure.population
    of_vendors = reading.by == "vendor" or figure.aggregate == "distinct" or _names(reading, "vendor") > 0
    paid = value == "received" and of_vendors and population.noun in ("payment", "outflow", "spend")
    return paid or bool(_WAYS[value] & {population.noun, *population.also})


def _is_noun(value: str, figure: Figure, reading: Understanding) -> bool:
    population = figure.population
    groups = {"vendor": "vendor", "employee": "person"}
    is_group = groups.get(value, "-") in (reading.by, reading.counted)
    is_counted = value == "vendor" and figure.aggregate == "distinct"
    return is_group or is_counted or _covers(population, value)


def _covers(population: Population, noun: str) -> bool:
    return noun in (population.noun, *population.also) or noun in _COVERED.get(population.noun, ())


def _is_sum(value: str, figure: Figure, reading: Understanding) -> bool:
    if value == "average":
        return figure.aggregate == "average" or bool(reading.mean_over)
    fitting: Mapping[str, bool] = {
        "count": figure.aggregate in ("count", "distinct", "total"),
        **{extreme: figure.aggregate == extreme or bool(reading.by or reading.most) for extreme in EXTREMES},
        "first": figure.aggregate == "first" or reading.order == "earliest",
        "last": figure.aggregate == "last" or reading.order == "latest",
    }
    return fitting.get(value, True)


_JUDGES: Final[Mapping[str, Callable[[str, Figure, Understanding], bool]]] = {
    "nouns": _is_noun, "phrases": _is_phrase, "qualifiers": _is_qualifier, "aggregates": _is_sum,
    "dimensions": _is_dimension, "top": _is_top, "bottom": _is_order, "over": _is_limit, "under": _is_limit,
    "at_least": _is_limit, "at_most": _is_limit, "weekdays": _is_weekday, "share": _is_share,
    "direction": _is_comparison,
    "compare": _is_comparison,
    "comparative": _is_comparison, "duration": _is_duration, "distinct": _is_distinct, "future": _is_ahead,
    "ways": _is_way, "ordered": _is_ordered,
}  # fmt: skip
