"""What a test of a change is, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

TestType = Literal["UNIT", "INTEGRATION", "FUNCTIONAL", "SECURITY", "PERFORMANCE"]
TestStatus = Literal["PENDING", "RUNNING", "PASSED", "FAILED", "SKIPPED", "ERROR"]
Importance = Literal["NORMAL", "HIGH", "CRITICAL"]


@dataclass(frozen=True)
class PlannedTest:
    """A test that was generated. run: gives what is wrong, or ""."""

    name: str
    type: TestType
    importance: Importance
    run: Callable[[], str]


@dataclass(frozen=True)
class CaseOutcome:
    """What became of one test."""

    name: str
    type: TestType
    importance: Importance
    status: TestStatus
    seconds: float = 0.0
    detail: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


@dataclass(frozen=True)
class MutantOutcome:
    """A change like the one that is tested, and whether the tests tell it from that one.

    place: what of the change it alters, so that places without a mutant that is told apart are seen.
    """

    name: str
    place: str
    killed: bool
    by: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


class SkippedError(Exception):
    """There is nothing that this test could be run on; the text says why."""
