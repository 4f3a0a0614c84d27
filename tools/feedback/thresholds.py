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
    return next((one for one in TUNABLE if one.test == test), None)


def moved(one: Tunable, rules: Rules, steps: int, day: date) -> dict[str, Parameter] | None:
    """Give a test's parameters so many steps from where they are; None when they may not go there.

    Never under the test's own, which the rules file or its header gives; no more than `most_steps` over.
    """
    own, limits = rules.params(one.book_test), rules.feedback
    learned = rules.learned.threshold(one.test)
    now = learned.parameters if learned and learned.holds(day) else {}
    found: dict[str, Parameter] = {}
    for name in one.parameters:
        base = _number(own[name])
        to = _number(now.get(name, own[name])) + steps * limits.step
        if not base <= to <= base + limits.most_steps * limits.step:
            return None
        found[name] = round(to, 6)
    return found


def is_own(one: Tunable, rules: Rules, parameters: dict[str, Parameter]) -> bool:
    """Say whether parameters are the test's own, so that nothing has to be learned."""
    own = rules.params(one.book_test)
    return all(_number(value) == _number(own[name]) for name, value in parameters.items())


def _number(value: Parameter) -> float:
    return float(value or 0)
