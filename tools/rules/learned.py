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
    gated: bool = Field(
        default=True,
        description="What is approved goes through a change's gates, and to two people.",
    )
    replay_days: Count = Field(180, description="Runs of so many days are replayed.")
    replay_runs: Count = Field(12, description="So many of them, the newest.")


class ChangeRules(RulesSection):
    """What a change of the rules has to reach before people are asked about it."""

    least_passed: Share = Field(0.80, description="Share of its tests that pass.")
    least_coverage: Share = Field(
        0.70, description="Share of its places with a mutant that tests tell from it."
    )
    least_killed: Share = Field(0.70, description="Share of its mutants that tests tell from it.")
    least_mutants: Count = Field(10, description="So many mutants are tried.")
    most_times: Annotated[float, Field(ge=1)] = Field(1.2, description="Of the time that a test took before.")
    most_seconds: Annotated[float, Field(gt=0)] = Field(20.0, description="For a test on so many rows.")
    rows: Count = Field(1_000_000, description="Rows of the books that a changed test is timed on.")
    seconds: Count = Field(300, description="After them the tests of a change are stopped.")
    memory_mb: Count = Field(8_192, description="Address space that they may take.")
    rounds: Count = Field(3, description="How often a draft is narrowed and tried again.")
