"""The parts of the rules file that feedback goes by, and those that it writes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from tools.rules.severity import RulesSection, Share
from tools.rules.test_header import Parameter

Count = Annotated[int, Field(ge=1)]


class Suppression(RulesSection):
    """A WARNING of `vendor` by `test` alone becomes INFO; CRITICAL stays."""

    vendor: str
    test: str
    most: Decimal = Field(description="Exposure up to which it reaches, entity currency.")
    expires: date = Field(description="Last day of the books for which it holds.")

    def holds(self, day: date) -> bool:
        """Say whether it holds in an audit as of a day."""
        return day <= self.expires


class Threshold(RulesSection):
    """Other parameters for a test, below an amount and for a time."""

    test: str
    parameters: dict[str, Parameter]
    most: Decimal = Field(description="Amount above which the test's own parameters stand, entity currency.")
    expires: date = Field(description="Last day of the books for which it holds.")

    def holds(self, day: date) -> bool:
        """Say whether it holds in an audit as of a day."""
        return day <= self.expires


class Learned(RulesSection):
    """What feedback changed: `tieout feedback` writes it, `tieout rules` rolls it back."""

    suppressions: list[Suppression] = Field(
        default_factory=list, description="By vendor and test, up to an exposure and until a day."
    )
    thresholds: list[Threshold] = Field(
        default_factory=list, description="By test: other parameters, up to an amount and until a day."
    )

    def threshold(self, test: str) -> Threshold | None:
        """Give what was learned for a test, expired or not."""
        return next((threshold for threshold in self.thresholds if threshold.test == test), None)


class FeedbackRules(RulesSection):
    """What it takes to propose a change."""

    days: Count = Field(7, description="Reviews of so many days are read.")
    least_n: Count = Field(10, description="Fewer reviewed flags than this say nothing.")
    suppress_over: Share = Field(0.80, description="False positives of a vendor and test above this.")
    loosen_over: Share = Field(0.50, description="False positives of a test above this loosen it.")
    tighten_under: Share = Field(0.10, description="Below this, with misses, a loosened test goes back.")
    z: Annotated[float, Field(gt=0)] = Field(1.645, description="Of the Wilson bound; one-sided 95%.")
    step: Annotated[float, Field(gt=0)] = Field(0.5, description="Deviations that a threshold moves.")
    most_steps: Count = Field(4, description="Steps that a threshold may be from where it began.")
    expiry_days: Count = Field(90, description="A change holds so long.")
    most: Decimal = Field(Decimal("5000.00"), description="No change reaches above this exposure.")
    most_unseen: Decimal = Field(
        Decimal("10000.00"), description="Most that a change may hide of what nobody has reviewed."
    )
    least_reviewers: Count = Field(2, description="So many people have to have called flags false.")
    least_others: Count = Field(
        3, description="Without any one reviewer, so many reviewed flags have to say the same."
    )
    most_disputed: Share = Field(0.10, description="Flags on which reviewers disagree, at most.")
    never: list[str] = Field(
        default_factory=lambda: ["conflict", "bank_change", "authority", "statement"],
        description="Families of tests that are never suppressed.",
    )
    replay_days: Count = Field(180, description="Runs of so many days are replayed.")
    replay_runs: Count = Field(12, description="So many of them, the newest.")
