"""The part of the rules file that says where evidence is looked for."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

PHRASES = (
    "approved", "approve this", "i approve", "authorized", "authorised", "go ahead", "signed off",
    "green light", "you have my approval", "ok to pay", "okay to pay", "please pay", "please proceed",
)  # fmt: skip
COMMON = (
    "the and inc llc ltd gmbh corp company group services service solutions international global usa "
    "store shop online payment invoice for from com www"
).split()
Days = Annotated[int, Field(ge=0)]


class EvidenceRules(BaseModel):
    """How far around a row its evidence may lie, and how much of it is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    calendar_days: Days = Field(3, description="Calendar entries this near to the posting.")
    receipt_days: Days = Field(3, description="Receipts that do not name their charge, this near to it.")
    days_before: Days = Field(90, description="E-mails this long before the posting.")
    days_after: Days = Field(30, description="E-mails this long after it.")
    hits: Annotated[int, Field(ge=1, le=50)] = Field(5, description="Documents of a kind kept for each row.")
    approval_phrases: list[str] = Field(
        default_factory=lambda: list(PHRASES),
        description="What says yes in a message; a question, a negation or a quoted line does not.",
    )
    common_docs: Annotated[int, Field(ge=1)] = Field(
        200, description="A word of a vendor's name in more documents than this says nothing by itself."
    )
    common_words: list[str] = Field(
        default_factory=lambda: list(COMMON),
        description="Words of a vendor's name that say nothing by themselves.",
    )
