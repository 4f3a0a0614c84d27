"""What is learned goes into the rules file without touching the rest of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.core.errors import RulesError
from tools.feedback import rulesfile
from tools.rules.learned import Learned, Suppression, Threshold

TEXT = """\
# Ours.
gate:
  completeness: 0.8  # lower than usual
tests: {near_copy: {days: 5}}  # a flow mapping

# The last comment.
look_back_days: 3
"""
NAMES = st.text(min_size=1, max_size=20).filter(lambda name: name.strip() != "")
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
AMOUNTS = st.decimals("0", "99999", places=2)
LEARNED = st.builds(
    Learned,
    suppressions=st.lists(
        st.builds(Suppression, vendor=NAMES, test=st.just("unmatched_row"), most=AMOUNTS, expires=DAYS),
        max_size=3,
    ),
    thresholds=st.lists(
        st.builds(
            Threshold,
            test=st.just("amount_outside_sigma"),
            parameters=st.fixed_dictionaries({"sigma": st.floats(2.5, 4.5)}),
            most=AMOUNTS,
            expires=DAYS,
        ),
        max_size=1,
    ),
)
ONE_SUPPRESSION = Learned(
    suppressions=[
        Suppression(vendor="A: #b", test="unmatched_row", most=Decimal("5.00"), expires=date(2025, 1, 1))
    ]
)


@settings(deadline=None)
@given(LEARNED, LEARNED)
def test_comments_and_order_stay(first: Learned, second: Learned) -> None:
    """Written, written over and taken out again, the text is what it was, to the letter."""
    once = rulesfile.with_learned(TEXT, first)
    twice = rulesfile.with_learned(once, second)
    assert once.startswith(TEXT)
    assert twice == rulesfile.with_learned(TEXT, second)
    assert rulesfile.with_learned(twice, Learned()) == TEXT


def test_it_may_stand_in_the_middle() -> None:
    """What stands before and after it stays, comments and blank lines too."""
    text = "# one\nlook_back_days: 3\nlearned:\n  suppressions: []\n\n# two\ngate: {completeness: 0.8}\n"
    result = rulesfile.with_learned(text, ONE_SUPPRESSION)
    assert result.startswith("# one\nlook_back_days: 3\n")
    assert result.endswith("\n\n# two\ngate: {completeness: 0.8}\n")
    assert rulesfile.with_learned(result, Learned()) == text.replace("learned:\n  suppressions: []\n", "")


@pytest.mark.parametrize("text", ["", "look_back_days: 3"])
def test_an_empty_file_takes_it(text: str) -> None:
    """There need be no file, and no last newline."""
    assert "A: #b" in rulesfile.with_learned(text, ONE_SUPPRESSION)


@pytest.mark.parametrize("text", ["{look_back_days: 3}\n", '{"learned": {}, "look_back_days": 3}\n'])
def test_a_file_in_another_manner_is_left_alone(text: str) -> None:
    """Where it cannot be put without rewriting the file, it says so."""
    with pytest.raises(RulesError, match="one below the other"):
        rulesfile.with_learned(text, ONE_SUPPRESSION)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The error names the file and the setting."""
    folder = tmp_path / "rules.yaml"
    folder.mkdir()
    with pytest.raises(Exception, match=r"rules\.yaml.*TIEOUT_RULES"):
        rulesfile.write(folder, "look_back_days: 3\n")
