"""The rules file is read whole or refused: no key is ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.checks.rules_file import load_rules
from tools.core.errors import RulesError


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("severty: {}", "severty"),
        ("tests: {duplicate_paymnt: {score: 10}}", r"tests\.duplicate_paymnt: there is no such test"),
        ("tests: {duplicate_payment: {scor: 10}}", r"tests\.duplicate_payment: 'scor' is not a parameter"),
    ],
)
def test_a_key_that_there_is_not_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """A slip of the pen would leave the default in force, and nobody would know."""
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulesError, match=message):
        load_rules(path)


def test_tests_and_their_parts_may_be_set(tmp_path: Path) -> None:
    """By the names and parameters that docs/rules.md lists."""
    path = tmp_path / "rules.yaml"
    path.write_text("tests: {benford: {least_n: 20}, round_amount: {enabled: false, score: 30}}", "utf-8")
    assert load_rules(path).tests == {
        "benford": {"least_n": 20},
        "round_amount": {"enabled": False, "score": 30},
    }
