"""What was not tested says what to add to the sources file."""

from __future__ import annotations

import pytest

from desk.views.untested import reason_of


@pytest.mark.parametrize(
    ("reason", "add"),
    [
        ("no values in created_by", "under 'columns', which column holds created_by"),
        ("no values in posted_on, category", "under 'columns', which column holds posted_on and category"),
        ("no values in vendor.bank_account", "a source of kind vendor with its bank_account"),
        ("no source of kind invoice or payment", "a source of kind invoice or payment"),
        ("no source is declared to document another", "under 'pairs', a pair of mode documents"),
    ],
)
def test_a_reason_says_what_would_let_the_test_run(reason: str, add: str) -> None:
    """A column, a source, or a pair."""
    assert reason_of(reason) == f"{reason}; to test it, add {add}"


@pytest.mark.parametrize("reason", ["switched off", "", "fewer than 300 amounts"])
def test_what_no_declaration_would_change_is_left(reason: str) -> None:
    """Rules, errors and books too short have no line to add."""
    assert reason_of(reason) == reason
