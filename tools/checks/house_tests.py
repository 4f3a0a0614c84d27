"""Tests of the books that a house has written itself: SQL with a header, in its rules file.

They run with the anomaly check, after ours. Their text is held against the list of what a statement may do
each time that it is read, so that a rules file edited by hand gains nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from tools.books import read_only_sql, tables
from tools.checks.catalogue import NAMES, history_days, loaded
from tools.core.errors import RulesError, TestHeaderError, UsageError
from tools.rules import test_header
from tools.rules.model import Rules
from tools.rules.test_header import BookTest, CheckName

BOUND: Final = ("as_of_day", "missing", "marker")  # what the runner binds beside a test's own parameters
PREFIX: Final = "house_"
NEEDED: Final = ("row_key", "score", "observed", "threshold", "population")


def house_tests(rules: Rules) -> list[BookTest]:
    """Give the rules' own tests, in their order. Raises RulesError for one that is not sound."""
    return [parsed(name, text) for name, text in rules.house_tests.items()]


def named_test(rules: Rules, check: CheckName, name: str) -> BookTest | None:
    """Give one of our tests, or one of the rules' own; None where these rules do not have it."""
    if name in rules.house_tests:
        return parsed(name, rules.house_tests[name])
    return test_header.load(check, name) if name in NAMES[check] else None


def changed_tests(before: Rules, after: Rules) -> list[tuple[CheckName, str]]:
    """Name the tests that find by other parameters, or by another text, under other rules."""
    ours = [
        (check, test.name)
        for check in NAMES
        for test in loaded(check)
        if _in_force(test, before) != _in_force(test, after)
    ]
    own = [
        name
        for name in sorted({*before.house_tests, *after.house_tests})
        if (before.house_tests.get(name), before.tests.get(name))
        != (after.house_tests.get(name), after.tests.get(name))
    ]
    return [*ours, *(("anomaly", name) for name in own)]


def _in_force(test: BookTest, rules: Rules) -> list[object]:
    """Give all by which a test finds: its parameters, those of what it stands on, what was learned."""
    verdict = [*test.verdict.parts, test.verdict] if test.verdict else []
    settings = [rules.params(each) for each in (test, *test.parts, *verdict)]
    return [rules.enabled(test), settings, rules.learned.threshold(test.name)]


@lru_cache(maxsize=256)
def parsed(name: str, text: str) -> BookTest:
    """Read a test's text: header, then one SELECT that only reads the canonical tables.

    Raises RulesError that says what is wrong with it.
    """
    place = f"rules: house_tests.{name}"
    try:
        test = test_header.parse("anomaly", text, place=place)
        if reason := _unsound(name, test):
            raise RulesError(reason, place=place)
        read_only_sql.checked(test.sql, _readable(test), (*test.params, *BOUND))
    except TestHeaderError as error:
        raise RulesError(error.message, place=place) from None
    except UsageError as error:
        raise RulesError(error.message, place=place, remedy=error.remedy) from None
    return test


def _unsound(name: str, test: BookTest) -> str:
    """Say what keeps a test from running beside ours, or ""."""
    checks: Mapping[str, bool] = {
        f"its header names it {test.name}.": test.name != name,
        f"a house's own test is called {PREFIX}something.": not name.startswith(PREFIX),
        "a test of ours has this name.": any(name in names for names in NAMES.values()),
        "it is about rows alone.": test.about != "row",
        "each, verdict are for our own tests.": bool(test.each or test.verdict),
        f"it reads at most {history_days()} days of history.": test.history > history_days(),
        "its header does not say how it scores.": not test.scores,
    }
    return next((reason for reason, wrong in checks.items() if wrong), "")


def _readable(test: BookTest) -> list[str]:
    return [*tables.CANONICAL, *(part.name for part in test.parts)]
