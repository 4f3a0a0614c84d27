"""Materiality: what would matter to a reader of the accounts, declared or estimated from the books.

ISA 320, A4 to A8: a share of a benchmark. Of the books at hand that is what came in within a year, as the
bank shows it; where nothing did, what went out. Performance materiality and what is clearly trivial (ISA 450,
A2) are shares of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tools.books.engine import Books
from tools.core import money
from tools.core.sql_files import sql
from tools.rules import severity

_NAMED: Final = {
    "turnover": "of what came in on the bank within a year",
    "outflows": "of what went out within a year",
}


@dataclass(frozen=True)
class MaterialityEstimate:
    """Overall materiality in minor units of the entity's currency, and where it comes from, in words."""

    overall: int
    basis: str


def materiality(books: Books, rules: severity.Materiality) -> MaterialityEstimate | None:
    """Give the materiality that the sources file declares, else an estimate; None from too few rows."""
    declared = _declared(books)
    if declared is not None:
        return MaterialityEstimate(
            money.to_minor(declared, books.manifest.currency), "declared in the sources file"
        )
    of_audit = {"currency": books.manifest.currency, "as_of_day": books.manifest.as_of_day}
    (moved,) = books.rows(sql("tools.judgement", "moved"), of_audit)
    for name, share in (("turnover", rules.turnover), ("outflows", rules.outflows)):
        year = int(moved[name] or 0)
        if year > 0 and moved["rows"] >= rules.fewest:
            whole = money.to_display(year, books.manifest.currency)
            return MaterialityEstimate(round(year * share), f"estimated: {share:.1%} {_NAMED[name]}, {whole}")
    return None


def _declared(books: Books) -> Decimal | None:
    path = books.folder / "sources.json"
    entity: dict[str, Any] = json.loads(path.read_bytes()).get("entity", {}) if path.is_file() else {}
    declared = entity.get("materiality")
    return None if declared is None else Decimal(str(declared))
