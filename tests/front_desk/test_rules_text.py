"""Edits of a rules file's text: one value is set, every other line stays; one edit is taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.core import bounded_yaml
from tools.core.errors import RulesError
from tools.front_desk.changes.yaml_text import taken_back, with_value

TEXT = """\
# Our rules.
gate:
  suspicious_share: 1.0   # everything may be suspicious

approval: {info: LOW}  # as it is
tests:
  split: {days: 5}

  # weekends
  weekend_posting:
    score: 30
"""
KEYS = st.sampled_from(["gate", "tests", "split", "days", "weekend_posting", "score", "a", "b", "approval"])
VALUES = st.one_of(
    st.integers(-9, 99), st.booleans(), st.sampled_from(["x", "a: b", "# no", "-- t\nSELECT 1\n"])
)


@given(path=st.lists(KEYS, min_size=1, max_size=3), value=VALUES)
def test_setting_a_value_changes_nothing_else(path: list[str], value: object) -> None:
    """The text says what it said, and the value; taken back, it is the same text, byte by byte."""
    edited = with_value(TEXT, path, value)
    read = bounded_yaml.load(edited)
    for name in path:
        read = read[name]
    assert read == value
    assert "# Our rules." in edited
    assert taken_back(TEXT, edited, edited) == TEXT


@given(first=st.integers(31, 99), second=st.integers(2, 99))
def test_a_later_change_stays_when_an_earlier_one_is_taken_back(first: int, second: int) -> None:
    """Each takes its own lines alone."""
    earlier = with_value(TEXT, ["tests", "weekend_posting", "score"], first)
    both = with_value(earlier, ["gate", "completeness"], second / 100)
    assert taken_back(TEXT, earlier, both) == with_value(TEXT, ["gate", "completeness"], second / 100)


def test_a_change_under_a_later_one_is_not_taken_back() -> None:
    """Whoever changed the same line since is not overruled."""
    earlier = with_value(TEXT, ["tests", "weekend_posting", "score"], 40)
    later = with_value(earlier, ["tests", "weekend_posting", "score"], 50)
    with pytest.raises(RulesError, match="same lines"):
        taken_back(TEXT, earlier, later)


@pytest.mark.parametrize("text", ["", "# only a remark\n", "a: 1", "{}", "{a: 1}\n"])
def test_any_text_takes_a_first_value(text: str) -> None:
    """An empty file, one without a last line's end, one in flow form."""
    assert bounded_yaml.load(with_value(text, ["tests", "split", "days"], 9))["tests"] == {
        "split": {"days": 9}
    }
