"""Which of the names that hardly ever stand are slips of one that often does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
from rapidfuzz.distance import DamerauLevenshtein

_TEXTS: Final = ("row_key", "scope", "observed", "threshold", "population", "field")
_SCHEMA: Final = pa.schema([(name, pa.string()) for name in _TEXTS] + [("score", pa.int64())])
_WORD: Final = 4  # shorter words are initials and codes: another letter is another thing


def judge(rows: pa.Table, params: Mapping[str, Any]) -> pa.Table:
    """Name each row whose vendor was probably meant to be another.

    rows: row_key, scope, source, name, other_name, name_key, other_key, n (rows of the name), other_n, rows_
    (of the source), usual (1 where the other name has this category, too); pairs of common names, which have
    no row_key. params: as in the header.
    """
    slips = [row for row in rows.to_pylist() if _is_slip(row["name_key"], row["other_key"], params)]
    series = {
        row["other_key"] for row in slips if row["n"] > params["few"]
    }  # names of which several differ as little
    lone: dict[str, dict[str, Any]] = {}
    for row in sorted(slips, key=lambda row: (-row["other_n"], row["other_key"])):
        if row["n"] <= params["few"] and row["other_key"] not in series:
            lone.setdefault(row["row_key"], row)
    many = Counter(row["source"] for row in lone.values())
    findings = [_finding(row, params, many[row["source"]]) for _, row in sorted(lone.items())]
    return pa.Table.from_pylist(findings, schema=_SCHEMA)


def _finding(row: Mapping[str, Any], params: Mapping[str, Any], many: int) -> dict[str, Any]:
    weak = (
        not row["usual"]
        or len(row["other_key"]) <= params["short"]
        or many > max(1, params["usual_share"] * row["rows_"])
    )
    return {
        "row_key": row["row_key"],
        "scope": row["scope"],
        "score": params["weak_score" if weak else "score"],
        "observed": f"{row['name']}, as on {row['n']} row{'s' if row['n'] > 1 else ''}",
        "threshold": f"{row['other_name']}, as on {row['other_n']} rows",
        "population": f"source {row['source']}",
        "field": "vendor_name",
    }


def _is_slip(name: str, partner: str, params: Mapping[str, Any]) -> bool:
    """Whether a letter or two differ, in words long enough to be mistyped, or blanks alone."""
    bare, partner_bare = name.replace(" ", ""), partner.replace(" ", "")
    if bare == partner_bare:
        return True
    most = 2 if min(len(bare), len(partner_bare)) >= params["long"] else 1
    if DamerauLevenshtein.distance(bare, partner_bare) > most:
        return False
    ours, theirs = name.split(), partner.split()
    if len(ours) != len(theirs):
        return min(len(word) for word in (*ours, *theirs)) > 1
    differ = [(a, b) for a, b in zip(ours, theirs, strict=True) if a != b]
    return all(max(len(a), len(b)) >= _WORD or len(partner_bare) < _WORD for a, b in differ)
