"""The thresholds that people may change while a run waits: each with its meaning and the value in force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from tools.audit.change_thresholds import ANEW, JUDGEMENT
from tools.checks import catalogue
from tools.rules.leaves import leaves
from tools.rules.model import Rules

_PLAIN: Final = (int, float, str)


class ChangeableThreshold(NamedTuple):
    """One threshold: its dotted key, what it means, its value, and what a change of it brings."""

    key: str
    meaning: str
    value: str
    group: str


AGAIN: Final = "Judges this run again"
NEW_RUN: Final = "Starts a new run: what a suspect is"
OF_TESTS: Final = "Starts a new run: what a test finds"


def thresholds(rules: Rules) -> list[ChangeableThreshold]:
    """List them: of judgement first, then of suspects, then each test's parameters."""
    values = rules.model_dump(mode="json")
    own = [
        ChangeableThreshold(key, field.description or "", str(value), _brings(key))
        for key, field in leaves(Rules)
        if key.startswith((JUDGEMENT, *ANEW)) and isinstance(value := _at(values, key), _PLAIN)
    ]
    return sorted(own, key=lambda row: row.group != AGAIN) + list(_of_tests(rules))


def _brings(key: str) -> str:
    return AGAIN if key.startswith(JUDGEMENT) else NEW_RUN


def _of_tests(rules: Rules) -> Iterator[ChangeableThreshold]:
    for check in catalogue.NAMES:
        for test in catalogue.settable(check):
            for name, value in rules.params(test).items():
                if isinstance(value, _PLAIN):
                    words = f"{test.title.rstrip('.')}: {name.replace('_', ' ')}"
                    yield ChangeableThreshold(f"tests.{test.name}.{name}", words, str(value), OF_TESTS)


def _at(values: Any, key: str) -> Any:  # noqa: ANN401 - any JSON
    for name in key.split("."):
        values = values[name]
    return values
