"""How sure a flag is: the lead test's score, then what supports or weakens it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.judgement.severity import SeverityStep
from tools.rules.severity import SeverityRules


def confidence(
    row: Mapping[str, Any],
    tests: Sequence[Mapping[str, Any]],
    approvals: Sequence[Mapping[str, Any]],
    *,
    degraded: Sequence[str],
    untested: float,
    unsure: float,
    rules: SeverityRules,
) -> tuple[float, list[SeverityStep]]:
    """Give the confidence, 0 to 1, and its steps (points in hundredths).

    degraded: checks that failed or ran in part. untested: share of tests that could not run.
    unsure: a match of less confidence weakens the flag.
    """
    weights = rules.confidence
    strongest = max(test["score"] for test in tests)  # weak signs together are no surer than the best of them
    families = min(2, row["families"] - 1)
    sure = row["match_confidence"]
    low_match = sure is not None and sure < unsure
    approved = any(approval["may_approve"] for approval in approvals)
    parts = [
        ("test", f"score of {row['lead_test']}", strongest / 100),
        (
            "corroborated",
            "1 further family of tests" if families == 1 else f"{families} further families of tests",
            weights.corroborated * families,
        ),
        ("degraded", ", ".join(degraded), -weights.degraded * len(degraded)),
        ("untested", f"{untested:.0%} of tests could not run", -weights.untested * untested),
        ("low match", f"match of confidence {sure or 0:.2f}", -weights.low_match * low_match),
        ("explained", "an approval by someone who may", -weights.explained * approved),
    ]
    steps = [SeverityStep(what, why, round(part * 100)) for what, why, part in parts if round(part * 100)]
    total = sum(step.points or 0 for step in steps)
    return max(0, min(99, total)) / 100, steps
