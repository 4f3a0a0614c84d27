"""Reconcile small books for a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.books import make_books
from tools.checks.reconciliation.reconcile import ReconciliationResult, reconcile
from tools.ledger.source import Kind
from tools.ledger.sources import Entity, Pair, Source, Sources
from tools.rules.model import Rules

Row = dict[str, Any]


@dataclass(frozen=True)
class Reconciled:
    """What came of it: rows of match and break, findings, aliases, the result, and what matches weigh."""

    matches: list[Row]
    breaks: list[Row]
    findings: list[Row]
    learned: list[Row]
    result: ReconciliationResult
    evidence: list[Row]
    weights: list[Row]

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """Matched keys, offsets aside."""
        return {(row["left_key"], row["right_key"]) for row in self.matches if row["kind"] != "offset"}

    @property
    def offsets(self) -> set[tuple[str, str]]:
        """Keys of rows that take each other back, in order."""
        pairs = [(row["left_key"], row["right_key"]) for row in self.matches if row["kind"] == "offset"]
        return {(min(pair), max(pair)) for pair in pairs}

    @property
    def reasons(self) -> dict[str, str]:
        """Reason of each break, by key."""
        return {row["row_key"]: row["reason"] for row in self.breaks}


def reconciled(
    rows: list[Row],
    *,
    left: Kind = "bank",
    right: Kind = "ledger",
    as_of: str = "2025-12-31",
    **more: Any,  # noqa: ANN401 - of a pair
) -> Reconciled:
    """Reconcile rows of the sources named like their kinds."""
    tables = {
        name: more.pop(name) for name in ("remittance", "trial_balance", "alias", "fx_rate") if name in more
    }
    pair = Pair.model_validate({"name": "pair", "left": left, "right": right, "mode": "full", **more})
    sources = Sources(
        entity=Entity(name="Test"),
        sources={kind: Source(kind=kind, path="none.csv") for kind in (left, right)},
        pairs=[pair],
    )
    with TemporaryDirectory() as folder, make_books(Path(folder), txn=rows, as_of=as_of, **tables) as books:
        result = reconcile(books, sources, Rules())
        matches, breaks, findings, learned, evidence, weights = (
            books.rows(f'SELECT * FROM "{name}" ORDER BY ALL')  # noqa: S608 - our own names
            for name in ("match", "break", "finding", "learned_alias", "evidence", "weight")
        )
    return Reconciled(matches, breaks, findings, learned, result, evidence, weights)


@pytest.fixture
def run() -> Callable[..., Reconciled]:
    """Give the means to reconcile."""
    return reconciled
