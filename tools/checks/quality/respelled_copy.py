"""Which of the charges that agree in all but the name have names that are all but the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
from rapidfuzz.distance import Levenshtein

from tools.ledger import vendor

_DIGIT: Final = re.compile(r"\D")
_TEXTS: Final = ("row_key", "scope", "observed", "threshold", "population", "partner_key", "field")
_SCHEMA: Final = pa.schema([(name, pa.string()) for name in _TEXTS] + [("score", pa.int64())])


def judge(rows: pa.Table, params: Mapping[str, Any]) -> pa.Table:
    """Name each later charge, with the one whose name is likest.

    rows: row_key, scope, source, name, other_name, name_key, other_key, partner_key. params: score, alike,
    least, code_score.
    """
    best: dict[str, tuple[float, dict[str, Any]]] = {}
    for row in sorted(rows.to_pylist(), key=lambda row: (row["row_key"], row["partner_key"])):
        likeness = 0.0 if _two_orders(row) else _likeness(row["name_key"], row["other_key"], params)
        if likeness > best.get(row["row_key"], (0.0, {}))[0]:
            best[row["row_key"]] = (likeness, row)
    findings = [
        {
            "row_key": row["row_key"],
            "scope": row["scope"],
            "score": params["score" if _same_code(row) else "code_score"],
            "observed": f"{row['name'] or 'no name'} and {row['other_name'] or 'no name'}, {_SAME}",
            "threshold": f"names less than {params['alike']:.0%} alike",
            "population": f"source {row['source']}",
            "partner_key": row["partner_key"],
            "field": "vendor_name",
        }
        for _, row in best.values()
    ]
    return pa.Table.from_pylist(findings, schema=_SCHEMA)


_SAME: Final = "same day and amount, and nothing that differs besides"


def _codes(row: Mapping[str, Any]) -> set[str]:
    return {vendor.order_code(name) for name in (row["name"] or "", row["other_name"] or "")}


def _same_code(row: Mapping[str, Any]) -> bool:
    return len(_codes(row)) == 1


def _two_orders(row: Mapping[str, Any]) -> bool:
    """Whether each name bears an order's code, and not the same."""
    return len(_codes(row) - {""}) > 1


def _likeness(name: str | None, partner_name: str | None, params: Mapping[str, Any]) -> float:
    """Give how alike two names are, 0 where they are another merchant's; a name left out is nobody else's."""
    if name is None or partner_name is None or name == partner_name:
        return 1.0
    if _DIGIT.sub("", name) != _DIGIT.sub("", partner_name):
        return 0.0  # branches, flights, orders: the number is the difference
    alike = float(Levenshtein.normalized_similarity(name, partner_name))
    slip = (
        min(len(name), len(partner_name)) >= params["least"] and Levenshtein.distance(name, partner_name) == 1
    )
    return alike if slip or alike >= params["alike"] else 0.0
