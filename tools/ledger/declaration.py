"""What a sources file declares: the entity, its sources, the pairs that have to agree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, PrivateAttr, field_validator

from tools.core import engine_choice
from tools.core.bounded_paths import Folders
from tools.core.digest import digest
from tools.ledger.source import Currency, Part, Source, Values, as_texts, checked_zone

MONEY_IN: Final = ("bank", "ledger")  # positive when money comes in; the others when it goes out

Mode = Literal["one_to_one", "statement", "documents", "full"]
Sign = Literal["same", "opposite"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


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
    def _as_texts(cls, value: object) -> object:
        return as_texts(value)


class Sources(Part):
    """A sources file. Paths are relative to `base`, the folder that it lies in."""

    entity: Entity
    not_read: dict[str, str] = Field(
        {},
        description="Files beside the books that nothing reads: why. Each is a finding while it stands here.",
    )
    sources: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Source] = Field(min_length=1)
    pairs: list[Pair] = Field([])
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
