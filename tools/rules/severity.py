"""The part of the rules file that says what a suspect is, how grave, and how sure."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tools.core.severity_levels import Severity

Share = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[int, Field(ge=0, le=100)]


class Part(BaseModel):
    """A section of the rules file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Suspects(Part):
    """Which findings make a row a suspect, and how suspects are grouped."""

    anomaly_over: Points = Field(70, description="A finding above this score is a suspect by itself.")
    weak_together: Points = Field(
        70, description="Weak findings count together when their scores sum above this, from two families on."
    )
    case_rows: Annotated[int, Field(ge=1)] = Field(50, description="A case holds no more rows than this.")


class Weights(Part):
    """Severity points."""

    no_match: Points = Field(40, description="No counterpart in another book, or a match that disagrees.")
    anomaly: Points = Field(30, description="An anomaly that is enough by itself, or weak ones together.")
    no_approval: Points = Field(20, description="No approval by someone who may, where one was looked for.")
    no_receipt: Points = Field(10, description="No receipt, where the sources file asks for one.")
    incomplete: Points = Field(30, description="An incomplete or bad record.")


class Bands(Part):
    """Severity by points; below `info` there is no flag."""

    critical: Points = Field(80, description="CRITICAL from these points on.")
    warning: Points = Field(50, description="WARNING from these points on.")
    info: Points = Field(20, description="INFO from these points on; below, and without a floor, no flag.")


class Floor(Part):
    """At least `severity` when the exposure is at least `over` (decimal text, entity currency)."""

    over: Decimal = Decimal(0)
    severity: Severity


def _floors(**severities: str) -> list[Floor]:
    """Give the floors that name, for each severity, the exposure from which it stands."""
    return [Floor.model_validate({"severity": name, "over": over}) for name, over in severities.items()]


DEFAULT_FLOORS: dict[str, list[Floor]] = {
    "duplicate": _floors(WARNING="0", CRITICAL="10000"),
    "conflict": _floors(WARNING="0", CRITICAL="10000"),
    "bank_change": _floors(WARNING="0", CRITICAL="10000"),
    "authority": _floors(WARNING="0", CRITICAL="50000"),
    "split": _floors(INFO="0", WARNING="5000", CRITICAL="100000"),
    "statement": _floors(WARNING="0", CRITICAL="100000"),
    "unreadable_lines": _floors(WARNING="0"),
    "unread_file": _floors(WARNING="0"),
    "break": _floors(INFO="0", WARNING="10000", CRITICAL="250000"),
    "mismatch": _floors(INFO="0", WARNING="10000", CRITICAL="250000"),
    "master": _floors(INFO="0", WARNING="5000"),
    "journal": _floors(WARNING="0"),
    "receipt": _floors(INFO="0", WARNING="5000"),
}

# What is wrong about these does not become right by coming each month.
NEVER_USUAL = ("duplicate", "conflict", "bank_change", "authority", "statement", "journal", "bad_record")


class Confidence(Part):
    """What takes from, or adds to, the confidence that the lead test's score gives."""

    corroborated: Share = Field(0.05, description="Added for each further family of tests, at most twice.")
    degraded: Share = Field(0.15, description="Taken for each check that failed or ran in part.")
    untested: Share = Field(0.10, description="Taken in proportion to the tests that could not run.")
    low_match: Share = Field(0.10, description="Taken where the row's match is of low confidence.")
    explained: Share = Field(0.15, description="Taken where an approval by someone who may was found.")


class SeverityRules(Part):
    """How points become a severity."""

    weights: Weights = Weights()
    bands: Bands = Bands()
    floors: dict[str, list[Floor]] = Field(
        default_factory=lambda: dict(DEFAULT_FLOORS),
        description="By test or family of tests, over these defaults ([] takes one away); only findings that "
        "make a suspect by themselves have one.",
    )
    approval_kinds: list[str] = Field(
        default_factory=lambda: ["card", "invoice", "payment"],
        description="Kinds of rows whose approval is looked for in e-mail; a column for it always is.",
    )
    excused_breaks: list[str] = Field(
        default_factory=lambda: ["timing", "prior_period", "fee", "interest"],
        description="Break reasons that are not 'no match'.",
    )
    senior_over: Decimal = Field(Decimal("1000.00"), description="CRITICAL above it goes to the senior role.")
    senior_over_by_kind: dict[str, Decimal] = Field(
        default_factory=dict, description="The same for one kind of rows: card, bank, payment ..."
    )
    senior_role: str = Field("controller", description="Who that is.")
    recurring_within: Share = Field(0.05, description="A recurring posting this close goes down a level.")
    recurrence_no_excuse: list[str] = Field(
        default_factory=lambda: list(NEVER_USUAL),
        description="Families of tests for which being recurring explains nothing.",
    )
    suppressed_vendors: list[str] = Field(default_factory=list, description="WARNING becomes INFO.")
    confidence: Confidence = Confidence()

    @field_validator("floors")
    @classmethod
    def _over_defaults(cls, floors: dict[str, list[Floor]]) -> dict[str, list[Floor]]:
        return {**DEFAULT_FLOORS, **floors}
