"""Whoever reviews: what is so is learned, what hides errors is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.reviewers.simulated import SCENES, Learned, simulate

SUPPRESSED = ["suppress Direct Power"]
REFUSED = "suppress Ghost Works"


def _learned(audited: Path, tmp_path: Path, name: str) -> Learned:
    return simulate(audited, tmp_path / "copy", SCENES[name])


def test_sound_reviewers_are_learned_from(audited: Path, tmp_path: Path) -> None:
    """What two people call false is no longer asked, and nothing true is missed."""
    result = _learned(audited, tmp_path, "sound")
    assert (result.applied, result.refused, result.missed) == (SUPPRESSED, [], "0.00 USD")
    assert result.spared != "0.00 USD"


@pytest.mark.parametrize(
    "name",
    [
        "lazy",
        *(pytest.param(name, marks=pytest.mark.exhaustive) for name in ("lazy alone", "hostile")),
        "hostile, backed by who started the run",
        "hostile with a friend",
    ],
)
def test_nobody_hides_true_errors(audited: Path, tmp_path: Path, name: str) -> None:
    """Even where an approver signs all that is put before him, no confirmed or true error is hidden."""
    result = _learned(audited, tmp_path, name)
    assert result.missed == "0.00 USD"
    assert set(result.applied) <= set(SUPPRESSED)
    assert name == "lazy" or any(refusal.startswith(REFUSED) for refusal in result.refused)


def test_two_who_hide_together_are_bounded(audited: Path, tmp_path: Path) -> None:
    """Against two who agree and an approver who does not look, the amount and the expiry are left."""
    result = _learned(audited, tmp_path, "two hostile, nobody else looks")
    assert result.applied == ["suppress Ghost Works"]
    assert result.missed == "3,372.67 USD"
