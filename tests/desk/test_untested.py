"""What was not tested says what to add to the sources file."""

from __future__ import annotations

import pytest

from desk.views.untested import missing_of, reason_of


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


def test_what_is_missing_is_gathered_by_what_to_add() -> None:
    """One line a thing to add, with the tests it would let run; what the desk notes by itself is none."""
    reasons = {"a": "no source of kind vendor", "b": "no source of kind vendor", "c": "no values in account"}
    tests = [
        {"test": name, "status": "not_applicable", "reason": reason_of(reason)}
        for name, reason in reasons.items()
    ]
    inner = {"test": "d", "status": "not_applicable", "reason": reason_of("no values in not_read.file")}
    assert [(row["add"], row["tests"]) for row in missing_of([*tests, inner])] == [
        ("a source of kind vendor", ["a", "b"]),
        ("under 'columns', which column holds account", ["c"]),
    ]


@pytest.mark.parametrize("reason", ["switched off", "", "fewer than 300 amounts"])
def test_what_no_declaration_would_change_is_left(reason: str) -> None:
    """Rules, errors and books too short have no line to add."""
    assert reason_of(reason) == reason
