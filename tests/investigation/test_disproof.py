"""What would show a hypothesis wrong says truly what it saw."""

from __future__ import annotations

import pytest

from tools.investigation.disproof import TrialContext, later_than_symptom
from tools.investigation.hypothesis import RankedHypothesis
from tools.investigation.observation import Observation


@pytest.mark.parametrize(
    ("seen", "outcome", "reason"),
    [
        (
            "2026-03-01T11:59:00+02:00",
            "stands",
            "began at 2026-03-01 09:59:00 UTC, not after the symptom at 2026-03-01 10:00:00 UTC",
        ),
        (
            "2026-03-01T10:04:00+00:00",
            "stands",
            "began at 2026-03-01 10:04:00 UTC, within five minutes of the symptom",
        ),
        ("2026-03-01T10:06:00+00:00", "refuted", "and this only at 2026-03-01 10:06:00 UTC"),
        ("", "not_tried", "nobody saw when"),
    ],
)
def test_when_a_cause_began_is_told_beside_the_symptom(seen: str, outcome: str, reason: str) -> None:
    """Before it, a little after it or too late; never that what came after came before."""
    fact = Observation("F1", "store", "f", "it failed", node="n", first_seen=seen)
    context = TrialContext({"F1": fact}, "run", "2026-03-01T10:00:00+00:00", frozenset())
    blamed = RankedHypothesis("H1", "service", "n", "it failed", ["store"], 0.5, evidence_for=["F1"])
    attempt = later_than_symptom(blamed, context)
    assert (attempt.outcome, reason in attempt.reason) == (outcome, True), attempt.reason
