"""Every family takes tests that there are, and every test belongs to exactly one."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from tools.checks.catalogue import NAMES as TESTS
from tools.judgement.test_families import FAMILIES, NAMES, by_name, family_of, precedence
from tools.rules.severity import DEFAULT_FLOORS
from tools.rules.test_header import CheckName


def test_every_pattern_finds_a_test() -> None:
    """A test that was renamed does not quietly lose its family, its floor and its wording."""
    dead = [
        f"{family.name}: {pattern}"
        for family in FAMILIES
        for pattern in family.tests
        if not any(fnmatchcase(name, pattern) for check in family.checks for name in TESTS[check])
    ]
    assert dead == []


@pytest.mark.parametrize("check", TESTS)
def test_every_test_is_of_one_family(check: CheckName) -> None:
    """No test counts twice; a family can be found by its name."""
    for name in TESTS[check]:
        claimed = [
            family.name
            for family in FAMILIES
            if check in family.checks and any(fnmatchcase(name, pattern) for pattern in family.tests)
        ]
        assert len(claimed) <= 1, name
        assert by_name(family_of(check, name).name) == family_of(check, name)


def test_floors_are_of_families_that_there_are() -> None:
    """A floor for a family that nobody belongs to, or for a test that isn't run, would never stand."""
    tests = {name for check in TESTS.values() for name in check}
    assert set(DEFAULT_FLOORS) <= set(NAMES) | tests | {"money_out", "money_in"}
    assert sorted(NAMES, key=precedence) == list(NAMES)
