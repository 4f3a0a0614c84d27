"""One source of the sources file: what its rows are, where they lie, and how they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tools.books import tables
from tools.ledger import date_formats
from tools.ledger.asides import Aside
from tools.ledger.documents import formats

TRANSACTIONS: Final = ("card", "bank", "receipt", "invoice", "payment", "ledger")

Kind = Literal[
    "card", "bank", "receipt", "invoice", "payment", "ledger",
    "trial_balance", "remittance", "vendor", "employee", "client", "authority",
    "fx_rate", "email", "calendar", "document", "table", "contact", "receivable", "statement",
    "utility_bill",
]  # fmt: skip
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
_DATES: Final = (
    "strptime, %a for a weekday in any language; `%d.%m. until 2026-03-31` for days without a year, each the"
    " latest one up to then; excel for serial days; ISO 8601 when not given."
)
Sides = Annotated[list[str], Field(min_length=2, max_length=2)]
Values = Annotated[list[str], Field(min_length=1)]

# Written by the reader or derived from other columns: no part of a row's own content.
DERIVED: Final = frozenset(
    "row_key source kind entity scope posted_day posted_hour vendor_key client_key party_key due_day"
    " entered_day content_hash rest_hash rounded file line".split()
)


# Columns that make a canonical one together.
_COMBINED: Final = {frozenset(("debit", "credit")): "amount", frozenset(("payee", "payer")): "vendor_name"}


class Part(BaseModel):
    """A section of the sources file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Totals(Part):
    """What a source says that it holds, over all its files: data quality holds it against what was read."""

    rows: int | None = Field(None, ge=0, description="Data rows, rejected and filtered ones included.")
    sum: Decimal | None = Field(None, description="Of the amounts as the source writes them.")


@dataclass(frozen=True)
class NamesRows:
    """Marks a field that goes into the keys of a source's rows: with another value, every row looks new."""


class Source(Part):
    """One source: a file, glob or table of a database, and which of its columns are the canonical ones."""

    kind: Annotated[Kind, NamesRows()] = Field(description="What its rows are.")
    path: str = Field(
        "", description="File or glob, relative to the sources file, or in a bucket (s3://...); this, or url."
    )
    url: str | None = Field(
        None,
        min_length=1,
        description="Database: postgresql://host/books, mariadb://, sqlite:///books.db, duckdb:///books.duckdb,"
        " delta+file:///..., iceberg+file:///...; `${BOOKS_...}` in it is a variable of the environment.",
    )
    table: str | None = Field(
        None, min_length=1, description="Table or view of the database: name, or schema.name."
    )
    query: str | None = Field(
        None, min_length=1, description="Instead of a table: one SELECT in the database's own dialect."
    )
    columns: Annotated[dict[str, str], NamesRows()] = Field(
        {}, description="Canonical name: column of the file."
    )
    joined: Annotated[dict[str, Values], NamesRows()] = Field(
        {},
        description="New column: those whose cells make it, a blank between (a day in three, two texts).",
    )
    ourselves: Annotated[list[str], NamesRows()] = Field(
        [], description="Our own names: of payee and payer, the one that is none of them is the other party."
    )
    sign: Annotated[Literal["as_is", "negate"], NamesRows()] = Field(
        "as_is", description="negate turns every amount round."
    )
    sides: Annotated[Literal["unsigned", "signed"], NamesRows()] = Field(
        "unsigned", description="signed: of debit and credit, one carries its minus already."
    )
    fees: Annotated[Literal["taken_off", "added"], NamesRows()] = Field(
        "taken_off",
        description="What the column fee does to the amount; added: it carries its minus already.",
    )
    currency: Annotated[Currency | None, NamesRows()] = Field(
        None, description="Where no column says it; else the entity's."
    )
    date_format: Annotated[str | None, NamesRows()] = Field(None, description=_DATES)
    decimal_mark: Annotated[Literal[".", ","], NamesRows()] = Field(
        ".", description="The other mark may group thousands."
    )
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = Field(
        None, description="Between cells; the header shows it when not given."
    )
    skip_lines: int = Field(
        0, ge=0, description="Lines of a CSV file, or rows of a sheet, before its header."
    )
    names: Annotated[list[str] | None, NamesRows()] = Field(
        None, min_length=1, description="Of the columns of a CSV file that has no header."
    )
    sheet: str | None = Field(None, description="Of a workbook; by default the first.")
    timezone: Annotated[str | None, NamesRows()] = Field(
        None, description="Of times without an offset; else the entity's."
    )
    required: list[str] | None = Field(None, description="Canonical names that completeness looks at.")
    where: Annotated[dict[str, Values], NamesRows()] = Field(
        {}, description="Column: accepted values. Other rows are counted only."
    )
    where_not: Annotated[dict[str, Values], NamesRows()] = Field(
        {}, description="Column: values. Rows that have one are left out."
    )
    negate_where: Annotated[dict[str, Values], NamesRows()] = Field(
        {}, description="Column: values. Rows that have one (type: [Debit]) have their amount negated."
    )
    leave_out: list[Aside] = Field(
        [],
        description="Lines that are no postings: header (once more), page, balance, total, note, empty"
        " (neither day nor amount), detail (no amount of its own).",
    )
    both_sides: Annotated[dict[str, Sides], NamesRows()] = Field(
        {},
        description="Lines book a debit and a credit, two postings: new column: where either side has it, the"
        " account first (account of side: [Soll, Haben]). The column `side` says debit or credit.",
    )
    fill_down: Annotated[list[str], NamesRows()] = Field(
        [], description="Columns whose blank cells mean the one above."
    )
    text_below: Annotated[list[str], NamesRows()] = Field(
        [], description="Columns whose text goes on in lines below that have nothing else: it is brought up."
    )
    headings: Annotated[str | None, NamesRows()] = Field(
        None, description="Column whose lone cells are headings: each goes down as the column heading."
    )
    overlapping: bool = Field(
        False, description="Its files overlap: a row that several of them hold is read once."
    )
    look_back_days: int | None = Field(None, ge=0, description="Read again; by default the rules' number.")
    domain: Literal["general", "inventory", "senior_living"] | None = Field(
        None, description="How soon its rows are out of date; by default as stale_source says in the rules."
    )
    totals: Totals | None = Field(None, description="Declared control totals.")

    @field_validator("timezone")
    @classmethod
    def _valid_zone(cls, value: str | None) -> str | None:
        return value and checked_zone(value)

    @field_validator("date_format")
    @classmethod
    def _valid_format(cls, value: str | None) -> str | None:
        return value and date_formats.checked(value)

    @field_validator("where", "where_not", "negate_where", mode="before")
    @classmethod
    def _as_texts(cls, value: object) -> object:
        return as_texts(value)

    @property
    def place(self) -> str:
        """Name where its rows come from: the path, or the table of a database."""
        if self.url is None:
            return self.path
        part = self.table or ("query" if self.query else "")
        return f"{self.url}#{part}" if part else self.url

    @property
    def carries_cells(self) -> bool:
        """Whether cells of a row come from the lines around it, so that its file is read whole."""
        return bool(self.fill_down or self.text_below or self.headings)

    @property
    def is_transactions(self) -> bool:
        """Whether its rows are postings."""
        return self.kind in TRANSACTIONS

    def is_document(self, path: Path | str) -> bool:
        """Whether a file of it is a document (.eml, .ics, .pdf ...), which names its own columns."""
        return self.kind in formats.KINDS and formats.is_document(path, columns=bool(self.columns))

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Canonical txn columns that must be filled ("amount_minor"); by default id, date, amount, vendor."""
        named = self.required
        if named is None:
            named = [n for n in ("txn_id", "posted_on", "amount", "vendor_name") if n in self.filled()]
        return tuple(f"{name}_minor" if name in ("amount", "balance") else name for name in named)

    def filled(self) -> frozenset[str]:
        """Canonical names that the columns fill; debit and credit make an amount, a time makes a date."""
        names = set(self.columns)
        for parts, whole in _COMBINED.items():
            if names & parts:
                names = (names - parts) | {whole}
        return frozenset(names - {"fee"} | ({"posted_on"} if "posted_at" in names else set()))


def table_of(kind: str) -> str:
    """Name the canonical table that rows of this kind go to."""
    return "txn" if kind in TRANSACTIONS else {"calendar": "event"}.get(kind, kind)


def columns_of(kind: str) -> tuple[str, ...]:
    """Name the columns that a source of this kind may map: "amount" for amount_minor, debit, credit."""
    columns = tables.CANONICAL.get(table_of(kind), {})
    names = [re.sub(r"_(minor|e9)$", "", name) for name in columns if name not in DERIVED]
    extra = ["debit", "credit", "fee", "payee", "payer"] if kind in TRANSACTIONS else []
    return tuple(names + extra)


def checked_zone(name: str) -> str:
    """Give a time zone's name back. Raises ValueError when there is none such."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ValueError("is no time zone; write one such as Europe/Berlin") from None
    return name


def as_texts(value: object) -> object:
    """Read the values of a condition as texts; one alone is a list of one."""
    if not isinstance(value, Mapping):
        return value
    return {key: [str(item) for item in (v if isinstance(v, list) else [v])] for key, v in value.items()}


def names_rows() -> set[str]:
    """Name the fields of a source that go into the keys of its rows."""
    return {
        name
        for name, field in Source.model_fields.items()
        if any(isinstance(mark, NamesRows) for mark in field.metadata)
    }
