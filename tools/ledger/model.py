"""What a sources file says, as typed records: the entity, its sources, the pairs that have to agree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator

from tools.books import tables
from tools.core import engine_choice
from tools.core.bounded_paths import Folders
from tools.core.digest import digest
from tools.ledger import date_formats
from tools.ledger.asides import Aside
from tools.ledger.documents import formats

TRANSACTIONS: Final = ("card", "bank", "receipt", "invoice", "payment", "ledger")
MONEY_IN: Final = ("bank", "ledger")  # positive when money comes in; the others when it goes out

Kind = Literal[
    "card", "bank", "receipt", "invoice", "payment", "ledger",
    "trial_balance", "remittance", "vendor", "employee", "client", "authority",
    "fx_rate", "email", "calendar", "document", "table", "contact", "receivable", "statement",
    "utility_bill",
]  # fmt: skip
Mode = Literal["one_to_one", "statement", "documents", "full"]
Sign = Literal["same", "opposite"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
_DATES: Final = "strptime, %a for a weekday in any language; excel for serial days; ISO 8601 when not given."
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


class Entity(Part):
    """The company whose books they are."""

    name: str = Field(min_length=1, description="What the company is called.")
    currency: Currency = Field("USD", description="ISO 4217 code of the books.")
    country: str | None = Field(None, description="ISO 3166 code whose public holidays are kept.")
    subdivision: str | None = Field(None, description="State or province, for its holidays.")
    timezone: str = Field("UTC", description="IANA name; times of day are told in it.")
    business_days: list[Weekday] = Field(["mon", "tue", "wed", "thu", "fri"], description="Days of work.")
    holidays: list[date] = Field([], description="Closing days beside the public ones.")
    fiscal_year_end: str = Field("12-31", pattern=r"^\d{2}-\d{2}$", description="Month and day.")
    as_of: date | None = Field(None, description="Audit archived books as if it were this day; else today.")
    address: str = Field("", description="Postal address; letters to debtors carry it.")
    email: str = Field("", description="Mail address that letters to debtors come from.")
    materiality: Decimal | None = Field(None, ge=0, description="Exposure above it raises the risk.")

    @field_validator("timezone")
    @classmethod
    def _valid_zone(cls, value: str) -> str:
        return checked_zone(value)


class Totals(Part):
    """What a source says that it holds, over all its files: data quality holds it against what was read."""

    rows: int | None = Field(None, ge=0, description="Data rows, rejected and filtered ones included.")
    sum: Decimal | None = Field(None, description="Of the amounts as the source writes them.")


class Source(Part):
    """One source: a file, glob or table of a database, and which of its columns are the canonical ones."""

    kind: Kind = Field(description="What its rows are.")
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
    columns: dict[str, str] = Field({}, description="Canonical name: column of the file.")
    joined: dict[str, Values] = Field(
        {},
        description="New column: those whose cells make it, a blank between (a day in three, two texts).",
    )
    ourselves: list[str] = Field(
        [], description="Our own names: of payee and payer, the one that is none of them is the other party."
    )
    sign: Literal["as_is", "negate"] = Field("as_is", description="negate turns every amount round.")
    sides: Literal["unsigned", "signed"] = Field(
        "unsigned", description="signed: of debit and credit, one carries its minus already."
    )
    fees: Literal["taken_off", "added"] = Field(
        "taken_off",
        description="What the column fee does to the amount; added: it carries its minus already.",
    )
    currency: Currency | None = Field(None, description="Where no column says it; else the entity's.")
    date_format: str | None = Field(None, description=_DATES)
    decimal_mark: Literal[".", ","] = Field(".", description="The other mark may group thousands.")
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = Field(
        None, description="Between cells; the header shows it when not given."
    )
    skip_lines: int = Field(
        0, ge=0, description="Lines of a CSV file, or rows of a sheet, before its header."
    )
    names: list[str] | None = Field(
        None, min_length=1, description="Of the columns of a CSV file that has no header."
    )
    sheet: str | None = Field(None, description="Of a workbook; by default the first.")
    timezone: str | None = Field(None, description="Of times without an offset; else the entity's.")
    required: list[str] | None = Field(None, description="Canonical names that completeness looks at.")
    where: dict[str, Values] = Field({}, description="Column: accepted values. Other rows are counted only.")
    where_not: dict[str, Values] = Field({}, description="Column: values. Rows that have one are left out.")
    negate_where: dict[str, Values] = Field(
        {}, description="Column: values. Rows that have one (type: [Debit]) have their amount negated."
    )
    leave_out: list[Aside] = Field(
        [],
        description="Lines that are no postings: header (once more), page, balance, total, note, empty"
        " (neither day nor amount), detail (no amount of its own).",
    )
    fill_down: list[str] = Field([], description="Columns whose blank cells mean the one above.")
    headings: str | None = Field(
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
    def _as_texts(cls, value: Any) -> Any:  # noqa: ANN401 - what YAML gives
        return as_texts(value)

    @property
    def place(self) -> str:
        """Name where its rows come from: the path, or the table of a database."""
        if self.url is None:
            return self.path
        part = self.table or ("query" if self.query else "")
        return f"{self.url}#{part}" if part else self.url

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


class Pair(Part):
    """Two sources that have to agree, how, and how exactly."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="What it is called in results.")
    left: str = Field(description="A source.")
    right: str = Field(description="The source that it has to agree with.")
    mode: Mode = Field("one_to_one", description="How rows come together, see below.")
    sign: Sign | None = Field(None, description="Of equal amounts; by default what the kinds imply.")
    window_days: int = Field(3, ge=0, description="Days that two rows of one thing are apart at most.")
    tolerance: float = Field(0.05, ge=0, lt=1, description="Share of the amount.")
    late_days: int = Field(20, ge=0, description="Business days that a row may take whose reference agrees.")
    search_days: int = Field(
        60, ge=0, description="Business days beyond which no match, no reversal is looked for."
    )
    clearing_days: int = Field(31, ge=0, description="Days after which an open row is not merely late.")
    largest_fee_minor: int = Field(
        5_000, gt=0, description="Minor units that a bank keeps of a transfer at most."
    )
    own_charge_minor: int = Field(
        25_000, ge=0, description="Minor units up to which a bank's own fee or interest is an ordinary item."
    )
    one_sided: bool = Field(False, description="The right row never comes before the left one.")
    left_where: dict[str, Values] = Field({}, description="Canonical column: values of the left rows.")
    right_where: dict[str, Values] = Field({}, description="The same for the right rows.")
    required_for: dict[str, Values] = Field({}, description="Left rows that need their document.")

    @field_validator("left_where", "right_where", "required_for", mode="before")
    @classmethod
    def _as_texts(cls, value: Any) -> Any:  # noqa: ANN401 - what YAML gives
        return as_texts(value)


class Sources(Part):
    """A sources file. Paths are relative to `base`, the folder that it lies in."""

    entity: Entity
    not_read: dict[str, str] = Field(
        {},
        description="Files beside the books that nothing reads: why. Each is a finding while it stands here.",
    )
    sources: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Source] = Field(min_length=1)
    pairs: list[Pair] = []
    engine: str | None = Field(
        None, description="Where the tests run; by default as the setting TIEOUT_ENGINE says."
    )
    _base: Path = PrivateAttr(default=Path())
    _within: Folders | None = PrivateAttr(default=None)

    @field_validator("engine")
    @classmethod
    def _is_engine(cls, named: str | None) -> str | None:
        return named and engine_choice.public(named)

    @property
    def base(self) -> Path:
        """The folder that paths are relative to."""
        return self._base

    @property
    def sha256(self) -> str:
        """Digest of what it declares of the books: which engine tests them is no part of that."""
        return digest(self.model_dump(mode="json", exclude={"engine"}))

    @property
    def within(self) -> Folders | None:
        """The folders that its files have to lie in; None for a user's own, which lie anywhere."""
        return self._within

    def at(self, base: Path, within: Folders | None = None) -> Self:
        """Give it with its paths relative to `base`, and inside the folders `within`."""
        self._base, self._within = base, within
        return self

    def sign(self, pair: Pair) -> Sign:
        """Say whether matching amounts of a pair have the same or the opposite sign."""
        left, right = (self.sources[name].kind in MONEY_IN for name in (pair.left, pair.right))
        return pair.sign or ("same" if left == right else "opposite")


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


def as_texts(value: Any) -> Any:  # noqa: ANN401 - what YAML gives
    """Read the values of a condition as texts; one alone is a list of one."""
    if not isinstance(value, Mapping):
        return value
    return {key: [str(item) for item in (v if isinstance(v, list) else [v])] for key, v in value.items()}
