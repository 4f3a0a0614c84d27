"""Which suspects are too grave to stand in a crowd, whatever else the same test flagged."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from tools.books.engine import Books
from tools.books.evidence_kinds import declared_kinds
from tools.judgement.materiality import MaterialityEstimate, materiality
from tools.judgement.severity import verdict
from tools.rules.model import Rules
from tools.rules.severity import PERFORMANCE


def too_grave_for_a_crowd(books: Books, rules: Rules, suspects: int) -> set[str]:
    """Give the row_keys of suspects above performance materiality, or that judgement could call CRITICAL.

    suspects: how many there are; of fewer than a test may flag anyway no crowd comes about. Documents that
    are looked for later only take points away: without any of them no suspect is judged too mildly.
    """
    if suspects <= rules.suspects.budget_rows:
        return set()
    basis = materiality(books, rules.severity.materiality)
    declared = declared_kinds(books)
    return {
        row["row_key"]
        for row in books.rows("SELECT * FROM suspect WHERE event IS NULL")
        if _material(row, basis) or _critical(row, books.manifest.currency, declared, rules, basis)
    }


def _material(row: dict[str, Any], basis: MaterialityEstimate | None) -> bool:
    return basis is not None and (row["exposure_base"] or 0) > PERFORMANCE * basis.overall


def _critical(
    row: dict[str, Any],
    currency: str,
    declared: Collection[str],
    rules: Rules,
    basis: MaterialityEstimate | None,
) -> bool:
    """Whether a suspect is CRITICAL where nobody approved it."""
    judged = verdict(
        row,
        json.loads(row["tests"]),
        (),
        declared,
        rules.severity,
        strong_over=rules.suspects.anomaly_over,
        currency=currency,
        materiality=basis,
    )
    return judged.severity == "CRITICAL"
