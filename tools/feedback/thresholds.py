"""Which thresholds feedback may move: those that count deviations from what is usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tools.rules import test_header
from tools.rules.model import Rules
from tools.rules.test_header import BookTest, CheckName, Parameter


@dataclass(frozen=True)
class Tunable:
    """A test whose parameters count deviations, so that all of them move by one step."""

    check: CheckName
    test: str
    parameters: tuple[str, ...]

    @property
    def book_test(self) -> BookTest:
        """The test itself."""
        return test_header.load(self.check, self.test)


TUNABLE: tuple[Tunable, ...] = (
    Tunable("anomaly", "amount_against_vendor", ("z", "strong_z")),
    Tunable("anomaly", "amount_outside_sigma", ("sigma",)),
)


def tunable(test: str) -> Tunable | None:
    """Give what may be moved of a test."""
    return next((tunable for tunable in TUNABLE if tunable.test == test), None)


def moved(tunable_test: Tunable, rules: Rules, steps: int, day: date) -> dict[str, Parameter] | None:
    """Give a test's parameters so many steps from where they are; None when they may not go there.

    Never under the test's own, which the rules file or its header gives; no more than `most_steps` over.
    """
    own, limits = rules.params(tunable_test.book_test), rules.feedback
    learned = rules.learned.threshold(tunable_test.test)
    now = learned.parameters if learned and learned.holds(day) else {}
    parameters: dict[str, Parameter] = {}
    for name in tunable_test.parameters:
        base = _number(own[name])
        to = _number(now.get(name, own[name])) + steps * limits.step
        if not base <= to <= base + limits.most_steps * limits.step:
            return None
        parameters[name] = round(to, 6)
    return parameters


def is_own(tunable_test: Tunable, rules: Rules, parameters: dict[str, Parameter]) -> bool:
    """Say whether parameters are the test's own, so that nothing has to be learned."""
    own = rules.params(tunable_test.book_test)
    return all(_number(value) == _number(own[name]) for name, value in parameters.items())


def _number(value: Parameter) -> float:
    return float(value or 0)
