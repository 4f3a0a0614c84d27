"""What the store holds, as rows for people and programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from tools.audit import other_rules
from tools.store.models import AuditRun, Flag, Run

T = TypeVar("T")
_PAGE = 500
_OF_AUDITS = tuple(column.key for column in AuditRun.__table__.columns)


def paged(page: Callable[[int, int], Sequence[T]]) -> Iterator[T]:
    """Give everything that a query with limit and offset has, page by page."""
    start = 0
    while rows := page(_PAGE, start):
        yield from rows
        start += len(rows)


def run_row(run: Run) -> dict[str, Any]:
    """Give a run as listings have it: with the file of its rules where they are not the desk's.

    Of what is no audit, entity and sources_path are those that it noted of itself.
    """
    noted = {"entity": run.counts.get("entity", ""), "sources_path": run.counts.get("sources", "")}
    return {
        **dict.fromkeys(_OF_AUDITS, ""),
        **noted,
        **run.as_dict(),
        "outcome": other_rules.outcome(run),
        "other_rules": other_rules.named_by(run),
    }


def flag_row(flag: Flag) -> dict[str, Any]:
    """Give a flag as the listing has it: amounts as decimal text, tests by name."""
    summary = flag.explanation.partition("\n")[0]
    return {**flag.as_dict(), "tests": names_of_tests(flag), "summary": summary}


def names_of_tests(flag: Flag) -> list[str]:
    """Give the names of the tests that contributed to a flag."""
    return [str(test["test"]) if isinstance(test, dict) else str(test) for test in flag.tests]
