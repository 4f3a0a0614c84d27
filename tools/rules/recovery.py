"""The part of the rules file that says which claims are made, who approves, and when letters go out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, field_validator

from tools.rules.severity import RulesSection, Share

Days = Annotated[int, Field(ge=0)]
Charge = Literal["costs", "interest", "principal"]
_ROLES: Mapping[str, str] = {"costs": "cost", "interest": "interest", "principal": "owed"}


class Level(RulesSection):
    """One letter of a series."""

    age_days: Days = Field(description="Days since the earliest open item arose, or was due.")
    gap_days: Days = Field(description="Days since the letter before it.")


class Hours(RulesSection):
    """When letters may arrive, in the recipient's own zone."""

    start: time = Field(time(9), description="Not before.")
    end: time = Field(time(17), description="Not after.")

    @field_validator("end")
    @classmethod
    def _is_day(cls, end: time) -> time:
        # 47 CFR 64.1200(c)(1) and 12 CFR 1006.6(b) keep 8 to 21 h for calls to consumers: the strictest day.
        if not time(8) <= end <= time(21):
            raise ValueError("letters arrive between 8 and 21 h")
        return end

    @field_validator("start")
    @classmethod
    def _is_morning(cls, start: time) -> time:
        if not time(8) <= start <= time(20):
            raise ValueError("letters arrive between 8 and 21 h")
        return start


class Late(RulesSection):
    """What late payment of an invoice adds to it. Nothing is asked for where these are 0."""

    fee: Decimal = Field(
        Decimal(0),
        ge=0,
        description="Lump sum an overdue invoice, in the entity's currency (§ 288 (5) BGB: 40 EUR).",
    )
    interest: Decimal = Field(
        Decimal(0),
        ge=0,
        le=1,
        description="Simple interest a year from the day after the due day, 0.09 for 9%.",
    )
    from_level: Annotated[int, Field(ge=1)] = Field(
        2, description="The first letter that asks for them: the one before has set the debtor in default."
    )
    order: tuple[Charge, Charge, Charge] = Field(
        ("costs", "interest", "principal"), description="What money settles first (§ 367 BGB)."
    )

    @field_validator("order")
    @classmethod
    def _names_each(cls, order: tuple[Charge, ...]) -> tuple[Charge, ...]:
        if len(set(order)) != len(_ROLES):
            raise ValueError("name costs, interest and principal, each once")
        return order

    @property
    def roles(self) -> tuple[str, ...]:
        """The order, as the roles of a claim's items."""
        return tuple(_ROLES[charge] for charge in self.order)


def _levels() -> list[Level]:
    return [Level(age_days=3, gap_days=0), Level(age_days=17, gap_days=14), Level(age_days=31, gap_days=14)]


class RecoveryRules(RulesSection):
    """Which claims are made of what is owed, and what is written about them."""

    least: Decimal = Field(Decimal("25.00"), ge=0, description="Amount under which no claim is made.")
    limit: Decimal = Field(
        Decimal("10000.00"), ge=0, description="Amount above which a claim and its letters are HIGH."
    )
    write_off_limit: Decimal = Field(
        Decimal("500.00"), ge=0, description="What an approver may write off; above, a controller."
    )
    grace_days: Days = Field(3, description="Days past due before an invoice is chased.")
    cut_off_days: Days = Field(
        10, description="Statement lines of so many last days may be in transit: no claim is made of them."
    )
    high_from: Decimal = Field(Decimal("1000.00"), ge=0, description="Expected value of tier high.")
    medium_from: Decimal = Field(Decimal("200.00"), ge=0, description="Expected value of tier medium.")
    prior_weight: float = Field(
        8.0, gt=0, description="Outcomes that the prior chance of recovery counts as (Beta prior)."
    )
    auto_approve: Literal["never", "contact_found"] = Field(
        "never",
        description="contact_found: LOW and MEDIUM claims whose flag a person confirmed are approved by rule"
        " once a contact is at hand; never those of prospects.",
    )
    levels: list[Level] = Field(default_factory=_levels, description="The letters of a series.", min_length=1)
    no_response_days: Days = Field(21, description="Days after the last letter until a claim is no_response.")
    hours: Hours = Hours()
    daily_cap: Annotated[int, Field(ge=1)] = Field(200, description="Letters in a day (UTC) at most.")
    domain_cap: Annotated[int, Field(ge=1)] = Field(20, description="Letters in a day to one mail domain.")
    soft_bounces: Annotated[int, Field(ge=1)] = Field(
        3, description="Soft bounces in a row after which an address is suppressed."
    )
    contingency_fee: Share = Field(
        0.0, description="Share of what comes back that is the fee; 0 where a house recovers its own."
    )
    late: Late = Late()
    reword_letters: bool = Field(
        False,
        description="Let the model of the settings put a letter's prose into other words; every figure stays,"
        " and a person approves it beside the difference from its template.",
    )
    prospect_saving: tuple[Decimal, Decimal, Decimal] = Field(
        (Decimal("250.00"), Decimal("1000.00"), Decimal("4000.00")),
        description="What a prospect is taken to be worth until its bills are seen: low, likely, high.",
    )
    consumers: bool = Field(
        False, description="Write to private persons, too; rules of consumer debt apply then (12 CFR 1006)."
    )
