"""A sentence becomes an understanding: every content word is used, or it is named and nothing is answered.

read(text, books, before=) -> Understanding     deterministic; before: what the same person asked just before
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tools.front_desk import commands, figures, suggesting
from tools.front_desk.figures import Aggregate, Figure
from tools.front_desk.marking import SentenceMarks, mark
from tools.front_desk.names import LedgerName, names_of
from tools.front_desk.periods import DatePeriod, FiscalCalendar
from tools.front_desk.sentence import MOST_CHARACTERS
from tools.front_desk.snapshot import Snapshot
from tools.front_desk.understanding import Understanding, as_list, with_echo

# Of nouns that are things to group by as well, another noun is what is asked for.
_GROUPS: Final = ("vendor", "employee")
_DEFAULT: Final[Mapping[str, Aggregate]] = {
    "spend": "sum", "revenue": "sum", "expense": "sum", "result": "sum", "cash flow": "sum",
    "bank balance": "sum", "account balance": "sum", "inflow": "sum", "outflow": "sum",
    "vendor": "distinct", "employee": "distinct",
    "journal": "distinct", "match rate": "average", "days to pay": "average", "review time": "average",
    "rejected row": "count",
}  # fmt: skip
_PRIORITY: Final[Sequence[Aggregate]] = ("average", "largest", "count", "first", "last", "sum")
_MOST_PARTS: Final = 10
_NEAR: Final = 3
_UNSURE: Final[Mapping[str, Sequence[str]]] = {"balance": ("bank_balance", "account_balance")}
_YEARLY: Final = frozenset({"year over year", "yoy", "zum vorjahr"})


def read(text: str, books: Snapshot, before: Understanding | None = None) -> Understanding:
    """Read a sentence against the words of the house and the names of the books; never raises on any text."""
    if len(text) > MOST_CHARACTERS:
        return Understanding("refused", why=f"a question has at most {MOST_CHARACTERS} characters.")
    marks = mark(text, FiscalCalendar(books.as_of, books.fiscal_month), names_of(books))
    reading = _read(marks, before)
    if reading.status in ("unread", "out_of_scope") and not reading.suggestions:
        reading = replace(reading, suggestions=suggesting.nearest(marks.sentence.plain))
    return with_echo(reading)


def _read(marks: SentenceMarks, before: Understanding | None) -> Understanding:
    if marks.has("intents"):
        return commands.read(marks)
    subject = _figure_of(marks)
    if before is not None and before.figure and _follows(marks, subject):
        return _continued(marks, before)
    return _not_read(marks, subject) or _defined(marks, subject) or _of_figures(marks, subject)


def _not_read(marks: SentenceMarks, subject: list[Figure]) -> Understanding | None:
    if not subject and not marks.has("nouns") and not marks.has("unsure"):
        why = "this asks for nothing that the desk knows."
        return Understanding("out_of_scope", why=why, unread=marks.unread)
    if marks.unread:
        return Understanding("unread", "figure", unread=marks.unread, why=_unread(marks.unread))
    return _negated(marks) if marks.negated else None


def _defined(marks: SentenceMarks, subject: list[Figure]) -> Understanding | None:
    if marks.has("definition") and len(subject) == 1 and not marks.names and not marks.periods:
        return Understanding("understood", "define", figure=subject[0].name)
    return None


def _of_figures(marks: SentenceMarks, subject: list[Figure]) -> Understanding:
    if not subject:
        return Understanding("refused", "figure", why=_no_such(marks))
    readings = [_composed(marks, figure) for figure in subject]
    refused = next((reading for reading in readings if reading.status == "refused"), None)
    if refused:
        return refused
    if marks.ties:
        return _tied(marks, readings[0])
    if len(readings) > 1:
        return replace(_choosing(readings), why="this can be read in several ways.")
    return readings[0]


def _figure_of(marks: SentenceMarks) -> list[Figure]:
    """Give the figures that a sentence may mean: one, several where it does not say, none."""
    if marks.values("unsure"):
        names = _UNSURE[marks.values("unsure")[0]]
        settled = [
            name
            for name in names
            if name == "account_balance" and any(n.kind == "account" for n in marks.names)
        ]
        return [figures.named(name) for name in (settled or names)]
    nouns, phrases = marks.values("nouns"), marks.values("phrases")
    if main := _counted_group(marks):
        return _of_group(marks, main, [noun for noun in nouns if noun != main], phrases)
    nouns = _without_groups(marks, nouns, phrases)
    if "exposure" in nouns:
        return _of_noun(marks, "flag", "sum")
    if len(nouns) == 1:
        return _with_phrases(marks, _of_noun(marks, nouns[0], _aggregate(marks)), phrases)
    if nouns:
        return [
            figure
            for noun in nouns
            for figure in _of_noun(marks, noun, _aggregate(marks) or _DEFAULT.get(noun, "sum"))
        ]
    return [_as_aggregated(marks, figures.named(name)) for name in phrases]


def _counted_group(marks: SentenceMarks) -> str:
    """Give the vendors or employees that are counted: "how many vendors did we pay"."""
    counted = [place for place, value in marks.senses["aggregates"] if value == "count"]
    groups = [(place, noun) for place, noun in marks.senses["nouns"] if noun in _GROUPS]
    return next((noun for place, noun in groups if any(0 < place - start <= _NEAR for start in counted)), "")


def _of_group(marks: SentenceMarks, main: str, nouns: list[str], phrases: list[str]) -> list[Figure]:
    """Give the figure that counts vendors: of all, or of those that were paid, have invoiced, ..."""
    if not nouns and not phrases:
        return _of_noun(marks, main, "distinct")
    populations = {figures.named(name).population.name for name in phrases}
    populations |= {figure.population.name for noun in nouns for figure in _of_noun(marks, noun, "count")}
    chosen = [figure for figure in figures.figures().values() if figure.population.name in populations]
    return [figure for figure in chosen if figure.aggregate == "distinct" and main == "vendor"]


def _without_groups(marks: SentenceMarks, nouns: list[str], phrases: list[str]) -> list[str]:
    """Leave out nouns that only say by what to group."""
    others = [noun for noun in nouns if noun not in _GROUPS]
    if others or phrases:
        return others
    if nouns and (marks.order or marks.has("which")) and not marks.has("qualifiers"):
        return ["spend", "payment"]
    return nouns


def _with_phrases(marks: SentenceMarks, chosen: list[Figure], phrases: list[str]) -> list[Figure]:
    """Add what a phrase names, where it is about something else: "how many invoices were paid" is unsure."""
    about = {figure.population.noun for figure in chosen}
    others = [figure for name in phrases if (figure := figures.named(name)).population.noun not in about]
    return [*chosen, *(_as_aggregated(marks, figure) for figure in others)]


def _of_noun(marks: SentenceMarks, noun: str, aggregate: Aggregate | None) -> list[Figure]:
    qualifiers = frozenset(marks.values("qualifiers"))
    populations = [
        item for item in figures.populations().values() if item.noun == noun and item.qualifiers == qualifiers
    ]
    chosen = [figure for figure in figures.figures().values() if figure.population in populations]
    sum_up = aggregate or _DEFAULT.get(noun)
    if sum_up is None and (marks.by or marks.order or marks.has("compare")) and noun != "flag":
        sum_up = "sum"
    if sum_up is None and marks.lists:
        sum_up = "count"
    if sum_up is None:
        return [figure for figure in chosen if figure.aggregate in ("sum", "count")]
    same = {"count": ("count", "distinct"), "sum": ("sum", "average"), "distinct": ("distinct", "count")}
    return [figure for figure in chosen if figure.aggregate in same.get(sum_up, (sum_up,))][:1]


def _aggregate(marks: SentenceMarks) -> Aggregate | None:
    words = marks.values("aggregates")
    if "largest" in words and marks.by:
        words = [word for word in words if word != "largest"] or ["sum"]
    return next((word for word in _PRIORITY if word in words), None)


def _aggregates(marks: SentenceMarks) -> list[str]:
    words = [word for word in marks.values("aggregates") if word != "sum"]
    return [word for word in words if word != "largest" or not marks.by]


def _as_aggregated(marks: SentenceMarks, figure: Figure) -> Figure:
    """Take "how much", "on average", "how often" of a figure that a phrase names."""
    aggregate = _aggregate(marks)
    siblings = [item for item in figures.figures().values() if item.population == figure.population]
    if aggregate in (None, "sum") or figure.aggregate in ("first", "last", "count"):
        return figure
    return next((item for item in siblings if item.aggregate == aggregate), figure)


def _composed(marks: SentenceMarks, figure: Figure) -> Understanding:
    """Put a figure together with whatever narrows and splits it."""
    filters, by = marks.filters(), marks.by
    if len(marks.periods) > 2:  # noqa: PLR2004 - one, or one against another
        return Understanding("refused", "figure", why="more than two periods are named.")
    period, compared, why = _periods(marks)
    if len(marks.splits) > 1:
        why = f"it can be split by one thing at a time: {' or '.join(marks.splits)}."
    if len(_aggregates(marks)) > 1:
        why = f"ask for one at a time: {' or '.join(_aggregates(marks))}."
    if why:
        return Understanding("refused", "compare", why=why)
    grouped = by and not marks.most and (marks.superlative and not marks.plural)
    currencies = [name.label for name in marks.names if name.kind == "currency"]
    return Understanding(
        "understood",
        "compare" if compared else "list" if marks.lists and not by else "figure",
        figure=figure.name,
        by=by,
        filters=filters,
        currency=currencies[0] if currencies else "",
        over=str(marks.over) if marks.over is not None else "",
        under=str(marks.under) if marks.under is not None else "",
        period=as_list(period),
        compared=as_list(compared),
        most=marks.most or (1 if grouped else _MOST_PARTS if marks.superlative and by else 0),
        order=marks.order or ("part" if by in _BY_TIME else "least" if marks.has("bottom") else "most"),
        entities=[[name.kind, name.label] for name in marks.names if name.kind != "currency"]
        + [["severity", word] for word in marks.values("severities")],
    )


_BY_TIME: Final = ("day", "week", "month", "quarter", "year", "weekday", "age")


def _periods(marks: SentenceMarks) -> tuple[DatePeriod | None, DatePeriod | None, str]:
    if len(marks.periods) == 2:  # noqa: PLR2004 - one against another
        return marks.periods[0], marks.periods[1], ""
    period = marks.periods[0] if marks.periods else None
    if not marks.has("compare"):
        return period, None, ""
    if period is None or period.start is None:
        return None, None, "name the period that is to be compared, and with which other."
    yearly = any(word in marks.sentence.plain for word in _YEARLY)
    return period, period.before("year" if yearly else ""), ""


def _follows(marks: SentenceMarks, subject: list[Figure]) -> bool:
    """Say whether a sentence goes on with the one before: "and by vendor?", "last year?"."""
    goes_on = bool(marks.by or marks.periods or marks.names or marks.most)
    stray = bool(marks.unread or marks.negated or marks.has("qualifiers") or marks.has("nouns"))
    return not subject and goes_on and not stray


def _continued(marks: SentenceMarks, before: Understanding) -> Understanding:
    base = _composed(marks, figures.named(before.figure))
    if base.status != "understood":
        return base
    kinds = {name: list(values) for name, values in base.filters.items()}
    entities = [entity for entity in before.entities if entity[0] not in {kind for kind, _ in base.entities}]
    return replace(
        before,
        status="understood",
        by=base.by or before.by,
        filters={**before.filters, **kinds},
        currency=base.currency or before.currency,
        period=base.period or before.period,
        compared=base.compared if base.period else before.compared,
        most=base.most or (before.most if not base.by else 0),
        order=base.order if base.by or base.most else before.order,
        entities=[*entities, *base.entities],
        choices=(),
        unread=(),
        why="",
    )


def _tied(marks: SentenceMarks, reading: Understanding) -> Understanding:
    words, names = marks.ties[0]
    readings = [(name, _with_name(reading, name)) for name in names[:6]]
    choices = [
        {"label": f"{name.kind} {name.label}", "reading": with_echo(item).as_dict()}
        for name, item in readings
    ]
    return Understanding("choose", reading.intent, choices=choices, why=f"'{words}' may be several things.")


def _with_name(reading: Understanding, name: LedgerName) -> Understanding:
    kinds = {"vendor": "vendors", "person": "people", "account": "accounts", "category": "categories",
             "source": "sources", "pair": "pairs", "test": "tests"}  # fmt: skip
    if name.kind == "currency":
        return replace(reading, currency=name.label)
    filters = {**reading.filters, kinds[name.kind]: [*reading.filters.get(kinds[name.kind], ()), *name.keys]}
    return replace(reading, filters=filters, entities=[*reading.entities, [name.kind, name.label]])


def _choosing(readings: Sequence[Understanding]) -> Understanding:
    choices: list[dict[str, Any]] = [
        {"label": with_echo(item).echo, "reading": with_echo(item).as_dict()} for item in readings
    ]
    return Understanding("choose", "figure", choices=choices)


def _unread(words: Sequence[str]) -> str:
    named = ", ".join(f"'{word}'" for word in words)
    return f"nothing in the books or among the figures is called {named}."


def _negated(marks: SentenceMarks) -> Understanding:
    words = ", ".join(f"'{word}'" for word in marks.negated)
    return Understanding("refused", "figure", why=f"{words}: say what is wanted, not what is to be left out.")


def _no_such(marks: SentenceMarks) -> str:
    words = [*marks.values("qualifiers"), *marks.values("nouns"), *marks.values("aggregates")]
    return f"there is no figure for {' '.join(words) or 'that'}."
