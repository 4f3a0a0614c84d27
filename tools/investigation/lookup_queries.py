"""What a model may ask of the desk: arguments with bounds, and never a query of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=120)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)]
Many = Annotated[int, Field(ge=1, le=20)]


class LookupQuery(BaseModel):
    """Arguments: an unknown one is refused."""

    model_config = ConfigDict(extra="forbid")


class LedgerQuery(LookupQuery):
    """Rows of the books that fit every parameter given."""

    kind: Literal["card", "bank", "receipt", "invoice", "payment", "ledger"] | None = None
    vendor: Text | None = Field(None, description="a vendor's name or token")
    person: Text | None = Field(None, description="who spent, keyed or approved: a name or token")
    document: Text | None = Field(None, description="an id, invoice number, reference or journal, exact")
    amount_from: Amount | None = None
    amount_to: Amount | None = None
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = None
    from_day: date | None = None
    to_day: date | None = None
    order: Literal["latest", "largest"] = "latest"
    most: Many = 10


class VendorProfile(LookupQuery):
    """What the books and the vendor master know of a vendor."""

    vendor: Text = Field(description="a vendor's name or token")


class DocumentSearch(LookupQuery):
    """E-mails, calendar entries and documents that hold these words."""

    words: Annotated[str, Field(min_length=1, max_length=200)]
    from_day: date | None = None
    to_day: date | None = None
    most: Annotated[int, Field(ge=1, le=10)] = 5


class Candidates(LookupQuery):
    """Rows that could be the other half of a row: near in amount and day."""

    row: Text = Field(description="the id of a fact that is a row, such as F1.R or B3")
    days: Annotated[int, Field(ge=0, le=90)] = 10
    percent: Annotated[int, Field(ge=0, le=20)] = 5
    most: Annotated[int, Field(ge=1, le=10)] = 5


class Decisions(LookupQuery):
    """What people decided about flags like these before."""

    vendor: Text | None = Field(None, description="a vendor's name or token")
    test: Text | None = Field(None, description="the name of a test")
    most: Annotated[int, Field(ge=1, le=10)] = 5
