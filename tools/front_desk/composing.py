"""Put a figure together with whatever narrows, splits, orders and compares it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tools.front_desk.distinct_values import counted_dimension
from tools.front_desk.figures import Figure
from tools.front_desk.limits import limits_groups
from tools.front_desk.marks import NARROWED, SentenceMarks
from tools.front_desk.period.calendar import DatePeriod, moved
from tools.front_desk.period.earlier import earlier
from tools.front_desk.sentence import CONJUNCTIONS
from tools.front_desk.summing_up import EXTREMES, aggregates
from tools.front_desk.understanding import OTHER_THAN, Understanding, as_list

_MOST_PARTS: Final = 10
_AGAINST: Final = frozenset(
    {
        "compared to", "compared with", "vs", "versus", "against", "relative to", "than in",
        "difference from", "than", "als", "more than", "less than", "higher than", "lower than", "fewer than",
        "mehr als", "weniger als", "hoeher als", "niedriger als",
        "verglichen mit", "im vergleich zu", "im vergleich zum", "gegenueber",
    }
)  # fmt: skip
_JOINS: Final = CONJUNCTIONS | {"to", "bis", "then", "dann", "from", "von", "auf"}
_PASSES: Final = frozenset({"to", "bis", "auf", "then", "dann", "zu"})
WEEKDAYS: Final = {
    "1": "Monday", "2": "Tuesday", "3": "Wednesday", "4": "Thursday", "5": "Friday", "6": "Saturday",
    "7": "Sunday",
}  # fmt: skip
_BY_TIME: Final = ("day", "week", "month", "quarter", "year", "weekday", "age")
_YEARLY: Final = frozenset({"year over year", "yoy", "zum vorjahr", "year before", "jahr davor"})


def composed(marks: SentenceMarks, figure: Figure) -> Understanding:
    """Put a figure together with whatever narrows and splits it."""
    filters = marks.filters()
    if len(marks.periods) > 2:  # noqa: PLR2004 - one, or one against another
        return Understanding("refused", "figure", why="more than two periods are named.")
    rivals = _rivals(marks)
    splits = [split for split in marks.splits if split != marks.mean_over]
    by = next(iter(splits), "") or rivals
    period, compared, why = (next(iter(marks.periods), None), None, "") if rivals else _periods(marks)
    if len(splits) > 1:
        why = f"it can be split by one thing at a time: {' or '.join(splits)}."
    if marks.mean_over and compared:
        why = "ask for the mean of one window at a time."
    if len(aggregates(marks)) > 1:
        why = f"ask for one at a time: {' or '.join(aggregates(marks))}."
    if limits_groups(marks):
        why = "a limit narrows single rows, as in 'invoices over 2,000': not counts, and no group's total."
    if why:
        return Understanding("refused", "compare", why=why)
    least = marks.has("bottom") and not by and not marks.most and figure.aggregate != "smallest"
    # The highest invoice per vendor is one of each; the vendor with the highest spend is one.
    changed = bool(compared and by and marks.direction and "largest" in marks.values("aggregates"))
    superlative = (marks.superlative or changed) and not (figure.aggregate in EXTREMES and marks.has("by"))
    grouped = by and not marks.most and superlative and not marks.plural
    currencies = marks.currencies
    weekdays = [day for day in marks.weekdays if day not in figure.population.qualifiers]
    rank = marks.direction if compared and by and (superlative or marks.most or marks.has("which")) else ""
    return Understanding(
        "understood",
        "compare" if compared else _figure_or_list(marks, by, least=least),
        figure=figure.name,
        by=by,
        filters={**filters, **({"weekdays": weekdays} if weekdays else {})},
        left_out=marks.exceptions(),
        currency=currencies[0] if currencies else "",
        over=str(marks.over) if marks.over is not None else "",
        under=str(marks.under) if marks.under is not None else "",
        inclusive=sorted(marks.inclusive),
        least_days=marks.least_days,
        most_days=marks.most_days,
        counted=counted_dimension(marks) if figure.aggregate == "count" else "",
        mean_over=marks.mean_over,
        rank=rank,
        in_percent=bool(rank) and marks.has("share"),
        period=as_list(period),
        compared=as_list(compared),
        most=marks.most or (1 if grouped or least else _MOST_PARTS if superlative and by else 0),
        order=next(iter(marks.values("ordered")), "") or marks.order or _order(marks, by),
        entities=[[name.kind, name.label] for name in marks.names if name.kind != "currency"]
        + [[f"{name.kind} {OTHER_THAN}", name.label] for name in marks.left_out]
        + [["severity", word] for word in marks.values("severities")]
        + [["weekday", WEEKDAYS.get(day, day)] for day in weekdays],
        corrected=marks.corrected,
    )


def _figure_or_list(marks: SentenceMarks, by: str, *, least: bool) -> str:
    return "list" if (marks.lists or least) and not (by or marks.mean_over) else "figure"


def _order(marks: SentenceMarks, by: str) -> str:
    """Give the order of the parts: of time as it runs, unless its greatest or least is asked for."""
    if by in _BY_TIME and not marks.superlative:
        return "part"
    return "least" if marks.has("bottom") else "most"


def _rivals(marks: SentenceMarks) -> str:
    """Name the dimension of which two are held against each other: "compare spend with A to spend with B"."""
    kinds = [name.kind for name in marks.names]
    several = next((kind for kind in kinds if kinds.count(kind) > 1 and kind in NARROWED), "")
    return several if marks.has("compare") and len(marks.periods) < 2 else ""  # noqa: PLR2004 - two periods


def _periods(marks: SentenceMarks) -> tuple[DatePeriod | None, DatePeriod | None, str]:
    """Give the window, what it is held against, and why that cannot be said."""
    if len(marks.periods) == 2:  # noqa: PLR2004 - one against another
        return _against_the_one_before(marks) or _of_two(marks)
    period = marks.periods[0] if marks.periods else None
    if not marks.has("compare"):
        return period, None, ""
    if period is None or period.start is None or _is_reference(marks):
        return None, None, "name the period that is to be compared, and with which other."
    if period.between:
        return period.between[1], period.between[0], ""
    yearly = any(word in marks.sentence.plain for word in _YEARLY)
    return period, period.before("year" if yearly else ""), ""


def _of_two(marks: SentenceMarks) -> tuple[DatePeriod | None, DatePeriod | None, str]:
    if _are_held_apart(marks):
        return (*same_part(*_in_order(marks)), "")
    labels = " and ".join(period.label for period in marks.periods)
    return None, None, f"two periods are named, {labels}: name one, or say that they are to be compared."


def _against_the_one_before(
    marks: SentenceMarks,
) -> tuple[DatePeriod | None, DatePeriod | None, str] | None:
    """Hold May against "the previous month": the one before May, not before the day of the books."""
    leaning = [period for period in marks.periods if period.earlier]
    named = [period for period in marks.periods if not period.earlier]
    if len(leaning) != 1 or not marks.has("compare"):
        return None
    before = earlier(named[0], leaning[0].earlier)
    if before is None:
        return None, None, f"name the period before {named[0].label} that is meant."
    return named[0], before, ""


def _are_held_apart(marks: SentenceMarks) -> bool:
    """Say whether two periods are two: compared, or joined by a word, not "the last quarter" "of 2025"."""
    first, last = sorted(marks.period_places)
    between = set(marks.sentence.words[first:last])
    return marks.has("compare") or marks.has("comparative") or bool(between & _JOINS)


def _in_order(marks: SentenceMarks) -> tuple[DatePeriod, DatePeriod]:
    """Give what is asked for and what it is held against: "growth from Q1 to Q2" asks for Q2."""
    first, second = marks.periods
    places = [place for place, _ in marks.senses["compare"]]
    against = any(marks.phrase(place) in _AGAINST for place in places)
    is_earlier = first.start is not None and second.start is not None and first.start < second.start
    turned = is_earlier and not against and (bool(places) or _are_passed(marks))
    return (second, first) if turned else (first, second)


def _are_passed(marks: SentenceMarks) -> bool:
    """Say whether it goes from one to the other: "from Q2 to Q3", "von Mai auf Juni"."""
    first, last = sorted(marks.period_places)
    return bool(set(marks.sentence.words[first:last]) & _PASSES)


def _is_reference(marks: SentenceMarks) -> bool:
    """Say whether the only period is the one to be held against: "compared to last month"."""
    places = [place for place, _ in marks.senses["compare"] if marks.phrase(place) in _AGAINST]
    return any(place < marks.period_places[0] for place in places)


def same_part(period: DatePeriod, reference: DatePeriod) -> tuple[DatePeriod, DatePeriod]:
    """Hold March against March where the other is a whole year: "March against last year"."""
    if not (period.start and period.end and reference.start and reference.end):
        return period, reference
    is_whole = moved(reference.start, years=1) == reference.end + timedelta(days=1)
    years = period.end.year - reference.end.year
    if not is_whole or moved(period.start, years=1) <= period.end or years < 1:
        return period, reference
    start, end = moved(period.start, years=-years), moved(period.end, years=-years)
    return period, DatePeriod(start, end, f"the same days, {start} to {end}")
