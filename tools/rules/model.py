"""The rules file: one YAML file, validated, with the tests' own defaults under it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator

from tools.core.digest import digest
from tools.core.errors import RulesError
from tools.rules.evidence import EvidenceRules
from tools.rules.learned import ChangeRules, FeedbackRules, Learned
from tools.rules.recovery import RecoveryRules
from tools.rules.severity import RulesSection, SeverityRules, Share, Suspects
from tools.rules.test_header import BookTest, Parameter

DEFAULT = Path("rules.yaml")
QUORUM = {"MEDIUM": 1, "HIGH": 1, "CRITICAL": 2}


class Gate(RulesSection):
    """When a run stops at a person before anything is spent."""

    completeness: Share = Field(0.90, description="Share of complete rows under which the run stops.")
    suspicious_share: Share = Field(0.20, description="Share of suspicious rows above which it stops.")


class Approval(RulesSection):
    """Who has to decide."""

    info: Literal["LOW", "MEDIUM"] = Field("LOW", description="Risk of an INFO flag.")
    warning: Literal["MEDIUM", "HIGH"] = Field("HIGH", description="Risk of a WARNING flag.")
    critical: Literal["HIGH", "CRITICAL"] = Field("CRITICAL", description="Risk of a CRITICAL flag.")
    medium_by_rule: bool = Field(
        True, description="MEDIUM is approved by rule, where LOW is noted; false asks a person."
    )
    quorum: dict[str, Annotated[int, Field(ge=1)]] = Field(
        default_factory=lambda: dict(QUORUM),
        description="How many different people have to agree; CRITICAL takes at least two.",
    )
    expires_hours: float = Field(
        24.0, ge=0, description="A request open this long goes to the senior role, too; 0: never."
    )

    @field_validator("quorum")
    @classmethod
    def _over_defaults(cls, quorum: dict[str, int]) -> dict[str, int]:
        if not QUORUM.keys() >= quorum.keys():
            raise ValueError(f"people decide on {', '.join(QUORUM)}, and on no other risk")
        people = {**QUORUM, **quorum}
        if people["CRITICAL"] < QUORUM["CRITICAL"]:
            raise ValueError("CRITICAL takes two different people at least")
        return people

    @property
    def people_decide(self) -> tuple[str, ...]:
        """Name the risks that are not approved by rule."""
        return ("HIGH", "CRITICAL") if self.medium_by_rule else ("MEDIUM", "HIGH", "CRITICAL")


class Rules(RulesSection):
    """Everything that a company may set, with defaults that stand when it sets nothing."""

    gate: Gate = Gate()
    suspects: Suspects = Suspects()
    severity: SeverityRules = SeverityRules()
    evidence: EvidenceRules = EvidenceRules()
    approval: Approval = Approval()
    feedback: FeedbackRules = FeedbackRules()
    changes: ChangeRules = ChangeRules()
    learned: Learned = Learned()
    recovery: RecoveryRules = RecoveryRules()
    look_back_days: int = Field(7, ge=0, description="Days before the watermark that are read again.")
    tests: dict[str, dict[str, Parameter]] = Field(
        default_factory=dict, description="By test: its parameters that differ; 'enabled: false' stops it."
    )
    house_tests: dict[str, str] = Field(
        default_factory=dict,
        description="Tests of the books of your own, as SQL with a header: put there by `tieout change`.",
    )

    def params(self, test: BookTest) -> dict[str, Parameter]:
        """Give a test's parameters in force. Raises RulesError for one that it does not have."""
        changed = {key: value for key, value in self.tests.get(test.name, {}).items() if key != "enabled"}
        unknown = sorted(set(changed) - set(test.params))
        if unknown:
            raise RulesError(
                f"'{unknown[0]}' is not a parameter of this test.",
                place=f"rules: tests.{test.name}",
                remedy=f"It takes: {', '.join(test.params)}.",
            )
        return {**test.params, **changed}

    def enabled(self, test: BookTest) -> bool:
        """Say whether a test is switched on: in the rules file, else in its header."""
        return self.tests.get(test.name, {}).get("enabled", test.params.get("enabled", True)) is not False

    @property
    def sha256(self) -> str:
        """Digest of all rules in force."""
        return digest(self.model_dump(mode="json"))
