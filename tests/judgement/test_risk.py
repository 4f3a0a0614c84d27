"""Nothing above clearly trivial is settled by rule, but what people said of it stands."""

from __future__ import annotations

import pytest

from tools.core.severity_levels import Risk, Severity
from tools.judgement.severity import SeverityStep, SeverityVerdict, risk
from tools.rules.model import Approval

MATERIALITY = 100_000


@pytest.mark.parametrize(
    ("severity", "exposure", "steps", "expected"),
    [
        ("INFO", 5_000, (), "LOW"),
        ("INFO", 5_001, (), "HIGH"),
        ("INFO", 5_001, ("suppressed",), "LOW"),
        ("INFO", 5_001, ("a person",), "LOW"),
        ("INFO", 100_001, ("suppressed vendor",), "MEDIUM"),
        ("WARNING", 5_000, (), "HIGH"),
        ("WARNING", 100_001, (), "CRITICAL"),
        ("CRITICAL", 1, (), "CRITICAL"),
        (None, 100_001, (), None),
    ],
)
def test_what_is_not_clearly_trivial_is_a_persons_to_decide(
    severity: Severity | None, exposure: int, steps: tuple[str, ...], expected: Risk | None
) -> None:
    """A twentieth of materiality is the line; over materiality a flag's risk is one higher."""
    by_people = tuple(SeverityStep(step, "because") for step in steps)
    assert expected == risk(SeverityVerdict(50, severity, None, by_people), exposure, MATERIALITY, Approval())


def test_without_materiality_severity_alone_says_it() -> None:
    """Books too short for an estimate have no line that is clearly trivial."""
    assert risk(SeverityVerdict(30, "INFO", None, ()), 10**9, None, Approval()) == "LOW"
