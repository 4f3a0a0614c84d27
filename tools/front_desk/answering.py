"""FigureAnswer from governed figures: our own SQL with bound parameters, and all that the value rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from tools.core import money
from tools.core.digest import digest
from tools.core.errors import RunError
from tools.core.sql_files import sql
from tools.front_desk import coverage
from tools.front_desk import snapshot as snapshots
from tools.front_desk.figures import Figure
from tools.front_desk.period.calendar import DatePeriod
from tools.front_desk.snapshot import Snapshot

_HERE: Final = "tools.front_desk"
EVERYTHING: Final = DatePeriod(None, None, "all that the books hold")
MOST_PARTS: Final = 200
_EVERY_PART: Final = 1_000_000_000
SHOWN: Final = 20
FILTERS: Final = (
    "vendors", "people", "accounts", "categories", "sources", "severities", "tests", "pairs", "weekdays",
)  # fmt: skip
LEFT_OUT: Final = tuple(name for name in FILTERS if name not in ("severities", "weekdays"))
_NAMED: Final = ("vendor", "person", "account", "category")
# Which dimension of a population a filter narrows.
COLUMN_OF: Final = {
    "vendors": "vendor", "people": "person", "accounts": "account", "categories": "category",
    "sources": "source", "severities": "severity", "tests": "test", "pairs": "pair", "currency": "currency",
    "weekdays": "weekday",
}  # fmt: skip


@dataclass(frozen=True)
class Query:
    """What is computed: a figure, narrowed and split only by what its population declares.

    inclusive: which of over and under belong to what they bound. least_days, most_days: by which something is
    late. counted: the dimension whose different values are counted. every_part: none of a split is cut off.
    """

    figure: Figure
    period: DatePeriod = EVERYTHING
    by: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    currency: str = ""
    over: Decimal | None = None
    under: Decimal | None = None
    most: int = MOST_PARTS
    order: str = "most"
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows_shown: int = SHOWN
    inclusive: tuple[str, ...] = ()
    least_days: int | None = None
    most_days: int | None = None
    counted: str = ""
    every_part: bool = False


@dataclass(frozen=True)
class FigureAnswer:
    """A figure's value, and what it rests on. values: rows of part, currency, value as text, rows."""

    figure: str
    definition: str
    unit: str
    values: list[dict[str, Any]]
    window: str
    rows: int
    shown: list[dict[str, Any]]
    not_included: list[str]
    query: str
    parameters: dict[str, Any]
    query_id: str
    run_id: str
    snapshot_sha256: str
    as_of: str
    owner: str

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


def lacking(figure: Figure, books: Snapshot) -> str:
    """Say what the books lack for a figure, or "" where they have it all."""
    population = figure.population
    return snapshots.missing(books, population.needs, population.table, population.column)


def why_not(query: Query, books: Snapshot) -> str:
    """Say why a question cannot be answered from these books, or "" where it can."""
    population = query.figure.population
    if lacks := lacking(query.figure, books):
        return f"{query.figure.label} cannot be computed: {lacks}."
    return undeclared(query) or coverage.outside(population, query.period, books)


def undeclared(query: Query) -> str:
    """Say what a figure's population does not declare, of what a question narrows, splits or counts by."""
    dimensions = query.figure.population.dimensions
    needed = {query.by: f"split by {query.by}", query.counted: f"counted by {query.counted}"}
    if query.least_days or query.most_days:
        needed["days late"] = "narrowed to days late"
    if query.currency:
        needed["currency"] = "narrowed to one currency"
    for name, values in [*query.filters.items(), *query.left_out.items()]:
        needed |= {COLUMN_OF[name]: f"narrowed to one {COLUMN_OF[name]}"} if values else {}
    lacking_of = next((what for name, what in needed.items() if name and name not in dimensions), "")
    return _cannot_be(query.figure, lacking_of) if lacking_of else ""


def _cannot_be(figure: Figure, what: str) -> str:
    can = ", ".join(figure.population.dimensions) or "nothing"
    return f"{figure.label} cannot be {what}: it can be split by and narrowed to {can}."


def answer(query: Query, books: Snapshot) -> FigureAnswer:
    """Compute a figure. Raises RunError with the reason where it cannot be."""
    if why := why_not(query, books):
        raise RunError(why, remedy="'tieout figures' says what each figure takes.")
    parameters = parameters_of(query, books)
    if why := _nameless(query, parameters, books):
        raise RunError(why, remedy="'tieout figures' says what each figure takes.")
    total = statement(query.figure, "total")
    values = books.rows(total, parameters)
    (counted,) = books.rows(statement(query.figure, "counted"), parameters)
    shown = books.rows(
        statement(query.figure, "rows"), {**parameters, "most": min(query.most, query.rows_shown)}
    )
    return FigureAnswer(
        figure=query.figure.name,
        definition=_definition(query),
        unit=unit_of(query),
        values=[_value(unit_of(query), row, books.manifest.currency) for row in values]
        or _nothing(query, books),
        window=_window(query, books),
        rows=int(counted["n"]),
        shown=[_display_row(query.figure, row) for row in shown],
        not_included=_not_included(query, books, counted, values),
        query=total,
        parameters={name: json_value(value) for name, value in parameters.items()},
        query_id="q"
        + digest([total, {k: json_value(v) for k, v in parameters.items()}, books.manifest.sha256])[:11],
        run_id=books.run.run_id,
        snapshot_sha256=books.manifest.sha256,
        as_of=books.as_of.isoformat(),
        owner=query.figure.population.owner,
    )


def _nameless(query: Query, parameters: Mapping[str, Any], books: Snapshot) -> str:
    """Say that no row of a population names what a question narrows it to: nothing is not nought."""
    kinds = [COLUMN_OF[name] for named in (query.filters, query.left_out) for name in named if named[name]]
    asked = [kind for kind in kinds if kind in _NAMED]
    if not asked:
        return ""
    (names,) = books.rows(statement(query.figure, "named"), parameters)
    kind = next((kind for kind in asked if names["n"] and not names[kind]), "")
    return (
        f"{query.figure.label} cannot be narrowed to a {kind}: no row of these books names one."
        if kind
        else ""
    )


def _definition(query: Query) -> str:
    population = query.figure.population
    if query.counted:
        return f"how many different values of {query.counted} there are; {population.about}"
    return f"{query.figure.definition}; {population.about}"


def statement(figure: Figure, what: str) -> str:
    """Give the text of a figure's query: two files of ours, one inside the other; values stay $parameters."""
    return sql(_HERE, "answer").replace("{population}", figure.population.sql) + sql(_HERE, what)


def parameters_of(query: Query, books: Snapshot) -> dict[str, Any]:
    """Give the values that are bound to a figure's query."""
    at_end = query.figure.population.at_end
    end = query.period.end
    currency = query.currency or books.manifest.currency
    in_money = query.figure.population.unit == "money"
    limit = {"over": query.over, "under": query.under}
    return {
        "home": books.manifest.currency,
        "least_days": query.least_days,
        "most_days": query.most_days,
        "counted": query.counted or None,
        **{name: list(query.filters.get(name, ())) or None for name in FILTERS},
        **{f"no_{name}": list(query.left_out.get(name, ())) or None for name in LEFT_OUT},
        "by": query.by or None,
        "by_currency": unit_of(query) == "money" or query.by == "currency",
        "currency": query.currency or None,
        "from_day": None if at_end else query.period.start,
        "until_day": None if at_end else end,
        # A state is as of a day: a payment dated after it settles nothing yet.
        "to_day": end or (books.as_of if at_end else None),
        "end_day": end or books.as_of,
        "shift": 12 - books.fiscal_month,
        "aggregate": "distinct" if query.counted else query.figure.aggregate,
        "order": query.order,
        "most": _EVERY_PART if query.every_part else query.most,
        "named": _is_ranking(query),
        "money": currency if in_money and any(value is not None for value in limit.values()) else None,
        **{name: _bound(name, value, query, currency) for name, value in limit.items()},
    }


def _is_ranking(query: Query) -> bool:
    """Say whether the first of a split are asked for: then "no vendor" is none of them."""
    return bool(query.by) and query.most != MOST_PARTS


def unit_of(query: Query) -> str:
    """Give the unit of a query's value: what is counted has none of money."""
    return "count" if query.counted else query.figure.unit


def _bound(name: str, value: Decimal | None, query: Query, currency: str) -> int | None:
    """Give a limit in whole minor units or days; one that belongs to what it bounds is moved by one."""
    if value is None:
        return None
    in_money = query.figure.population.unit == "money"
    whole = money.to_minor(value, currency) if in_money else int(value)
    outward = -1 if name == "over" else 1
    return whole + outward * (name in query.inclusive)


def _value(unit: str, row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    code = row["currency"] or (currency if unit == "money" else "")
    return {
        "part": row["part"] or "",
        "currency": code,
        "value": _worded(unit, row, code),
        "rows": row["rows"],
        "first_day": json_value(row["first_day"]),
        "last_day": json_value(row["last_day"]),
    }


def _nothing(query: Query, books: Snapshot) -> list[dict[str, Any]]:
    """Say zero where sums and counts are of no rows; an average, a largest or a day of none is not there."""
    counts = query.figure.aggregate in ("sum", "count", "distinct", "total")
    if query.by or not (counts or query.counted):
        return []
    code = (query.currency or books.manifest.currency) if unit_of(query) == "money" else ""
    value = money.to_text(0, code) if code else "0"
    return [{"part": "", "currency": code, "value": value, "rows": 0, "first_day": None, "last_day": None}]


def _worded(unit: str, row: Mapping[str, Any], currency: str) -> str:
    if unit == "day":
        return str(row["on_day"] or "")
    number = row["whole"] if row["whole"] is not None else row["mean"]
    if number is None:
        return ""
    if unit == "money":
        return money.to_text(round(number), currency)
    if unit == "share":
        return f"{float(number):.4f}"
    return f"{float(number):.1f}" if row["mean"] is not None and row["whole"] is None else str(int(number))


def _display_row(figure: Figure, row: Mapping[str, Any]) -> dict[str, Any]:
    in_money = figure.population.unit == "money" and row["value"] is not None
    amount = (
        money.to_text(round(row["value"]), row["currency"] or "") if in_money else json_value(row["value"])
    )
    plain = {name: json_value(value) for name, value in row.items() if name != "value"}
    return {**plain, "value": "" if amount is None else str(amount)}


def _window(query: Query, books: Snapshot) -> str:
    if query.figure.population.at_end:
        return f"at the end of {query.period.end or books.as_of}"
    return (
        f"{query.period.start or 'the beginning'} to {query.period.end or books.as_of} ({query.period.label})"
    )


def _not_included(
    query: Query, books: Snapshot, counted: Mapping[str, Any], values: list[dict[str, Any]]
) -> list[str]:
    notes = [query.figure.population.not_included]
    notes += coverage.notes(query.figure.population, query.period, books)
    if _is_ranking(query) and query.by in _NAMED:
        notes.append(f"rows that name no {query.by}")
    if counted["undated"] and (query.period.start or query.period.end) and not query.figure.population.at_end:
        notes.append(f"{counted['undated']} rows without a day")
    if values and int(values[0]["parts"]) > len(values):
        notes.append(f"{int(values[0]['parts']) - len(values)} further parts, below those shown")
    if len({row["currency"] for row in values if row["currency"]}) > 1:
        notes.append("currencies are not added to each other")
    late = [row["last_day"] for row in values if row["last_day"] and row["last_day"] > books.as_of]
    if late and not query.period.end and not query.figure.population.ahead:
        notes.append(f"but it does hold rows dated after {books.as_of}, up to {max(late)}")
    if query.period.end and query.period.end > books.as_of and not query.figure.population.at_end:
        what = "invoices that come in" if query.figure.population.ahead else "days"
        notes.append(f"{what} after {books.as_of}, as of which the books were audited")
    return notes


def json_value(value: object) -> object:
    """Give a column's value as JSON has it: days and decimals as text."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | bytes) else value
