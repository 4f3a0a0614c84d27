"""The governed figures: each a population (one SQL file) and how it is summed up.

A population's file names in its header what it counts, which books it needs, its unit, its grain, what it
leaves out, who answers for it, and the figures that are taken of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Literal, get_args

from tools.core.errors import RunError, TestHeaderError

Aggregate = Literal["sum", "count", "average", "largest", "smallest", "first", "last", "distinct", "total"]
Unit = Literal["money", "count", "days", "hours", "share"]
_HEADER: Final = re.compile(r"^-- (?P<key>[a-z_ ]+?): (?P<value>.+)$", re.MULTILINE)
_HERE: Final = "tools.front_desk.populations"
# What a figure may be split by or narrowed to, with the column that its population has to give.
DIMENSIONS: Final[Mapping[str, str]] = {
    "vendor": "vendor", "person": "person", "account": "account", "category": "category", "source": "source",
    "severity": "severity", "status": "status", "test": "test", "age": "age", "pair": "pair",
    "day": "day", "week": "day", "month": "day", "quarter": "day", "year": "day", "weekday": "day",
    "currency": "currency", "days late": "days_late",
}  # fmt: skip
POPULATIONS: Final = (
    "spend", "invoices", "due_invoices", "due_payables", "open_payables", "overdue_payables",
    "open_receivables", "overdue_receivables", "payments", "prepared_payments", "late_payments", "unapproved",
    "self_approved", "self_approved_payments", "days_to_pay", "charges",
    "receipts", "inflow", "outflow", "cash_flow", "bank_balance",
    "revenue", "expenses", "result", "account_balance", "postings", "approved_postings", "journals",
    "weekend_postings", "holiday_postings", "off_day_postings", "vendors", "new_vendors", "matching",
    "breaks", "flags", "waiting_flags", "confirmed_flags", "false_flags", "review_hours", "rejected_rows",
    "employees",
)  # fmt: skip


@dataclass(frozen=True)
class Population:
    """Rows that figures are taken of: sql gives row_key, day, value and whatever it can be split by.

    person: who its people are: approver, preparer, holder of a card; "" where the books mix them.
    at_end: as it is at the end of a window. ahead: by days that may lie after the books: due days.
    """

    name: str
    about: str
    noun: str
    also: frozenset[str]
    qualifiers: frozenset[str]
    needs: tuple[str, ...]
    table: str
    column: str
    unit: Unit
    person: str
    grain: str
    at_end: bool
    ahead: bool
    not_included: str
    owner: str
    sql: str

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Name what its figures may be split by and narrowed to."""
        chosen = self.sql.partition("SELECT")[2].partition("\nFROM")[0]
        if self.at_end:
            return tuple(
                name for name, column in DIMENSIONS.items() if column != "day" and _has(chosen, column)
            )
        return tuple(name for name, column in DIMENSIONS.items() if _has(chosen, column))


@dataclass(frozen=True)
class Figure:
    """One governed figure."""

    name: str
    aggregate: Aggregate
    definition: str
    population: Population

    @property
    def unit(self) -> Unit | Literal["day"]:
        """Give the unit of its value."""
        if self.aggregate in ("first", "last"):
            return "day"
        return "count" if self.aggregate in ("count", "distinct", "total") else self.population.unit

    @property
    def label(self) -> str:
        """Give its name as people read it."""
        return self.name.replace("_", " ").capitalize()


@cache
def populations() -> Mapping[str, Population]:
    """Give every population by its name."""
    return {name: _population(name) for name in POPULATIONS}


@cache
def figures() -> Mapping[str, Figure]:
    """Give every figure by its name, in the order in which they are listed."""
    return {figure.name: figure for name in POPULATIONS for figure in _figures(populations()[name])}


def by_name(name: str) -> Figure:
    """Give a figure. Raises RunError where there is none."""
    figure = figures().get(name)
    if figure is None:
        raise RunError(f"there is no figure '{name}'.", remedy="'tieout figures' lists them.")
    return figure


def sibling(figure: Figure, aggregate: str) -> Figure | None:
    """Give the figure that sums up the same population in another way; None where none is declared."""
    others = (other for other in figures().values() if other.population == figure.population)
    return next((other for other in others if other.aggregate == aggregate), None)


def _text(name: str) -> str:
    return (resources.files(_HERE) / f"{name}.sql").read_text(encoding="utf-8")


def _population(name: str) -> Population:
    text = _text(name)
    header = {match["key"]: match["value"] for match in _HEADER.finditer(text) if match["key"] != "figure"}
    unit = next((word for word in get_args(Unit) if word == header.get("unit")), None)
    if unit is None or name not in header or "noun" not in header:
        raise TestHeaderError("the header names no purpose, noun or unit.", place=f"{_HERE}/{name}.sql")
    noun, *qualifiers = header["noun"].split(", ")
    return Population(
        name=name,
        about=header[name],
        noun=noun,
        also=frozenset(header["also"].split(", ")) if "also" in header else frozenset(),
        qualifiers=frozenset(qualifiers),
        needs=tuple(header.get("needs", "").split()),
        table=header.get("table", ""),
        column=header.get("column", ""),
        unit=unit,
        person=header.get("person", ""),
        grain=header["grain"],
        at_end=header.get("window") == "end",
        ahead=header.get("window") == "ahead",
        not_included=header["not included"],
        owner=header["owner"],
        sql="\n".join(line for line in text.splitlines() if not line.startswith("--")),
    )


def _figures(population: Population) -> list[Figure]:
    lines = [match["value"] for match in _HEADER.finditer(_text(population.name)) if match["key"] == "figure"]
    return [_figure(line, population) for line in lines]


def _figure(line: str, population: Population) -> Figure:
    name, _, rest = line.partition(" = ")
    word, _, definition = rest.partition(" | ")
    aggregate = next((name_of_sum for name_of_sum in get_args(Aggregate) if name_of_sum == word), None)
    if aggregate is None:
        raise TestHeaderError(f"'{word}' is no way to sum up.", place=f"{_HERE}/{population.name}.sql")
    return Figure(name, aggregate, definition, population)


def _has(chosen: str, column: str) -> bool:
    return re.search(rf"(?:^|[\s,.]){column}\s*(?:,|$)", chosen) is not None
