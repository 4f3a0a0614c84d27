"""Test the quality of what was read."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from tools.audit import progress
from tools.audit.run_check import CheckOutcome, run_check
from tools.books.engine import Books
from tools.checks.quality.check import check
from tools.core.refs import CheckResult, Ref
from tools.rules.model import Rules


class Reads(TypedDict):
    """What the check needs; it comes with the Send."""

    run_id: str
    snapshot: Ref
    attempt: int


class Writes(TypedDict):
    """The check's result under its own name."""

    checks: dict[str, CheckResult]


def check_data_quality(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Run the data-quality tests on the snapshot. Never raises: a failure is its result."""
    tell = progress.teller(runtime.stream_writer, "quality")

    def work(books: Books, rules: Rules) -> CheckOutcome:
        checked = check(books, rules, tell)
        facts = {"score": checked.score, "completeness": checked.completeness, "rejected": checked.rejected}
        return CheckOutcome(checked.tests, facts)

    return {"checks": {"quality": run_check("quality", state["run_id"], state["attempt"], work)}}
