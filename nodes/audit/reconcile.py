"""Match what two sources say of the same thing."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from tools.audit import progress
from tools.audit.run_check import CheckOutcome, run_check
from tools.books.engine import Books
from tools.checks.reconciliation.reconcile import reconcile as reconcile_pairs
from tools.core.refs import CheckResult, Ref
from tools.ledger import sources
from tools.rules.model import Rules

_TABLES = ("finding", "match", "break", "learned_alias", "evidence", "weight")


class Reads(TypedDict):
    """What the check needs; it comes with the Send."""

    run_id: str
    snapshot: Ref
    attempt: int


class Writes(TypedDict):
    """The check's result under its own name."""

    checks: dict[str, CheckResult]


def reconcile(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Reconcile the declared pairs of the snapshot. Never raises: a failure is its result."""
    tell = progress.teller(runtime.stream_writer, "reconciliation")

    def work(books: Books, rules: Rules) -> CheckOutcome:
        reconciled = reconcile_pairs(books, sources.of(books), rules, tell)
        facts = {
            "statements": reconciled.statements,
            "too_large": reconciled.too_large,
            "uncovered": reconciled.uncovered,
        }
        return CheckOutcome(reconciled.tests, facts, _TABLES)

    return {
        "checks": {"reconciliation": run_check("reconciliation", state["run_id"], state["attempt"], work)}
    }
