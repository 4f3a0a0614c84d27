"""The part of the rules file that says what a suspect is, how grave, and how sure."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tools.core.severity_levels import Severity

Share = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[int, Field(ge=0, le=100)]


class RulesSection(BaseModel):
    """A section of the rules file: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Suspects(RulesSection):
    """Which findings make a row a suspect, and how suspects are grouped."""

    anomaly_over: Points = Field(70, description="A finding above this score is a suspect by itself.")
    weak_together: Points = Field(
        70, description="Weak findings count together when their scores sum above this, from two families on."
    )
    case_rows: Annotated[int, Field(ge=1)] = Field(50, description="A case holds no more rows than this.")
    budget_share: Share = Field(
        0.02, description="A test that flags more of a source's rows has one case for all of them."
    )
    budget_rows: Annotated[int, Field(ge=1)] = Field(25, description="So many rows a test may flag anyway.")


class ScoreWeights(RulesSection):
    """Severity points."""

    no_match: Points = Field(40, description="No counterpart in another book, or a match that disagrees.")
    anomaly: Points = Field(30, description="An anomaly that is enough by itself, or weak ones together.")
    no_approval: Points = Field(20, description="No approval by someone who may, where one was looked for.")
    no_receipt: Points = Field(10, description="No receipt, where the sources file asks for one.")
    incomplete: Points = Field(30, description="An incomplete or bad record.")


class Bands(RulesSection):
    """Severity by points; below `info` there is no flag."""

    critical: Points = Field(80, description="CRITICAL from these points on.")
    warning: Points = Field(50, description="WARNING from these points on.")
    info: Points = Field(20, description="INFO from these points on; below, and without a floor, no flag.")


class Materiality(RulesSection):
    """What would matter to a reader of the accounts, where the sources file does not declare it (ISA 320)."""

    turnover: Share = Field(0.01, description="Of a year's money in, as the bank shows it; before outflows.")
    outflows: Share = Field(
        0.01, description="Of a year's money out: payments and cards, else bank or ledger."
    )
    fewest: Annotated[int, Field(ge=1)] = Field(
        30, description="Rows that an estimate stands on; with fewer there is none."
    )


class Floor(RulesSection):
    """At least `severity` from an exposure on: `over` in the entity's currency, or `times` its materiality.

    With both, the larger holds. Without any materiality, declared or estimated, a floor of so many times it
    holds from `without` on.
    """

    over: Decimal = Decimal(0)
    times: Annotated[float, Field(ge=0)] = 0.0
    without: Decimal = Decimal(0)
    severity: Severity


PERFORMANCE = 0.75  # ISA 320: of overall materiality
TRIVIAL = 0.05  # ISA 450, A2
WILFUL = 0.01  # what somebody may have meant is not trivial for being small (ISA 240, 36; ISA 450, A23)
_ALWAYS = Floor(severity="WARNING")
_NOTED = Floor(severity="INFO")


def _from(severity: Severity, times: float, without: str) -> Floor:
    """Give the floor that stands from so many times materiality, where there is none from a sum on."""
    return Floor(severity=severity, times=times, without=Decimal(without))


DEFAULT_FLOORS: dict[str, list[Floor]] = {
    "duplicate": [_ALWAYS, _from("CRITICAL", PERFORMANCE, "10000")],
    "conflict": [_ALWAYS, _from("CRITICAL", PERFORMANCE, "10000")],
    "bank_change": [_ALWAYS, _from("CRITICAL", PERFORMANCE, "10000")],
    "authority": [_ALWAYS, _from("CRITICAL", 2, "50000")],
    "split": [_NOTED, _from("WARNING", TRIVIAL, "1000"), _from("CRITICAL", 4, "100000")],
    "statement": [_ALWAYS, _from("CRITICAL", 4, "100000")],
    "unreadable_lines": [_ALWAYS],
    "unread_file": [_ALWAYS],
    "money_out": [_NOTED, _from("WARNING", TRIVIAL, "10000"), _from("CRITICAL", PERFORMANCE, "250000")],
    "money_in": [_NOTED, _from("WARNING", TRIVIAL, "10000"), _from("CRITICAL", 4, "250000")],
    "break": [_NOTED, _from("WARNING", 0.4, "10000"), _from("CRITICAL", 10, "250000")],
    "mismatch": [_NOTED, _from("WARNING", 0.4, "10000"), _from("CRITICAL", 10, "250000")],
    "master": [_NOTED, _from("WARNING", 0.2, "5000")],
    "journal": [_ALWAYS],
    "shell_vendor": [_NOTED, _from("WARNING", WILFUL, "1000")],
    "unlisted_wage": [_NOTED, _from("WARNING", WILFUL, "200")],
    "cash_equivalent": [_NOTED, _from("WARNING", WILFUL, "200")],
    "charged_next_day": [_NOTED, _from("WARNING", TRIVIAL, "200")],
    "unusual_journal": [_NOTED, _from("WARNING", TRIVIAL, "1000")],
    "wrong_year": [_NOTED, _from("WARNING", TRIVIAL, "1000")],
    "transposed_digits": [
        _NOTED,
        _from("WARNING", TRIVIAL, "1000"),
        _from("CRITICAL", PERFORMANCE, "250000"),
    ],
    "future_date": [_NOTED, _from("WARNING", TRIVIAL, "1000")],
    "wrong_tax": [_NOTED, _from("WARNING", TRIVIAL, "200")],
    "receipt": [_NOTED, _from("WARNING", 0.2, "5000")],
}

# What is wrong about these does not become right by coming each month.
NEVER_USUAL = (
    *("duplicate", "conflict", "bank_change", "authority", "statement", "journal", "bad_record"),
    *("shell_vendor", "cash_equivalent", "unusual_journal", "wrong_year", "wrong_tax", "unlisted_wage"),
)


class Confidence(RulesSection):
    """What takes from, or adds to, the confidence that the lead test's score gives."""

    corroborated: Share = Field(0.05, description="Added for each further family of tests, at most twice.")
    degraded: Share = Field(0.15, description="Taken for each check that failed or ran in part.")
    untested: Share = Field(0.10, description="Taken in proportion to the tests that could not run.")
    low_match: Share = Field(0.10, description="Taken where the row's match is of low confidence.")
    explained: Share = Field(0.15, description="Taken where an approval by someone who may was found.")


class SeverityRules(RulesSection):
    """How points become a severity."""

    weights: ScoreWeights = ScoreWeights()
    bands: Bands = Bands()
    materiality: Materiality = Materiality()
    floors: dict[str, list[Floor]] = Field(
        default_factory=lambda: dict(DEFAULT_FLOORS),
        description="By test or family of tests, over these defaults ([] takes one away); only findings that "
        "make a suspect by themselves have one. money_out: breaks of money that left, before break; "
        "money_in: of receipts that the books have and the bank lacks, or has less of.",
    )
    approval_kinds: list[str] = Field(
        default_factory=lambda: ["card", "invoice", "payment"],
        description="Kinds of rows whose approval is looked for in e-mail; a column for it always is.",
    )
    excused_breaks: list[str] = Field(
        default_factory=lambda: ["timing", "prior_period", "fee", "interest", "unpaid"],
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
        own = {**DEFAULT_FLOORS, **floors}
        for part in ("money_out", "money_in"):
            if "break" in floors and part not in floors:
                del own[part]  # who sets all breaks' floor means these, too
        return own
