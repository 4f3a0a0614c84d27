"""One flag beside what it was held against: its row, its matches, and the nearest candidates.

of(settings, flag) -> {"row", "candidates": [{"why", "key", "row", "pair", "how", "difference"}]}

Rows are as canonical tables have them (tools/books/tables.py), money also as decimal text under `amount`.
Empty where the run's folder is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from desk.views import match_parts
from desk.views.run_results import Results
from tools.books.engine import Books
from tools.core import formatting, money
from tools.core.settings import Settings
from tools.runs import workspace
from tools.store.models import Flag

Row = dict[str, Any]
FIELDS = (
    ("posted_on", "Posted"), ("amount", "Amount"), ("vendor_name", "Vendor"), ("person_name", "Person"),
    ("txn_id", "Id"), ("reference", "Reference"), ("invoice_no", "Invoice"), ("description", "Description"),
    ("category", "Category"), ("account", "Account"), ("created_by", "Prepared by"),
    ("approved_by", "Approved by"), ("due_on", "Due"), ("entered_on", "Entered"), ("source", "Source"),
    ("place", "File, line"),
)  # fmt: skip
MOST = 6
DRAWN = ("card", "invoice", "payment")

_MATCHED = """
SELECT m.*, CASE WHEN m.left_key = $key THEN m.right_key ELSE m.left_key END AS other_key
FROM read_parquet($matches) m WHERE $key IN (m.left_key, m.right_key)
ORDER BY m.confidence DESC, m.left_key, m.right_key LIMIT $most
"""
_BROKEN = "SELECT * FROM read_parquet($breaks) WHERE row_key = $key ORDER BY pair, side LIMIT $most"
_ROWS = "SELECT * FROM txn WHERE list_contains($keys, row_key)"


def of(settings: Settings, flag: Flag) -> dict[str, Any]:
    """Give a flag's row and its candidates, matched ones first."""
    results = Results(workspace.run_folder(settings, flag.run_id), settings)
    snapshot = results.folder / workspace.SNAPSHOT
    if not (snapshot / "manifest.json").is_file():
        return {"row": {}, "candidates": []}
    with Books.open(snapshot, settings) as books:
        partners = [*_matched(books, results, flag), *_broken(books, results, flag), *_partners(flag)]
        candidates = _distinct(partners)[:MOST]
        keys = [flag.row_key, *(candidate["key"] for candidate in candidates if candidate["key"])]
        rows = {
            row["row_key"]: _display_row(row, books.manifest.versions)
            for row in books.rows(_ROWS, {"keys": keys})
        }
    return {
        "row": rows.get(flag.row_key, {}),
        "candidates": [{**candidate, "row": rows.get(candidate["key"], {})} for candidate in candidates],
    }


def vendor_of(settings: Settings, flag: Flag) -> str | None:
    """Give the vendor of a flag's row as charts name it: its id, or its key where it has none."""
    row = of(settings, flag)["row"] if flag.kind in DRAWN else {}
    return row.get("vendor_id") or row.get("vendor_key")


def compared(row: Mapping[str, Any], candidates: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lay rows side by side: a line for each field that any of them fills, and whether they agree."""
    others = [candidate["row"] for candidate in candidates]
    lines = []
    for name, label in FIELDS:
        values = [column.get(name) for column in (row, *others)]
        if any(value not in (None, "") for value in values):
            cells = [{"value": value, "same": value == values[0]} for value in values[1:]]
            lines.append({"label": label, "name": name, "value": values[0], "cells": cells})
    return lines


def _distinct(candidates: Iterable[Row]) -> list[Row]:
    """Keep each row once, as it was met first."""
    unique: dict[str, Row] = {}
    for candidate in candidates:
        unique.setdefault(candidate["key"] or candidate["pair"], candidate)
    return list(unique.values())


def _matched(books: Books, results: Results, flag: Flag) -> list[Row]:
    files = results.files("match")
    if not files:
        return []
    matches = books.rows(_MATCHED, {"matches": files, "key": flag.row_key, "most": MOST})
    return [
        {
            "why": "matched",
            "key": match["other_key"],
            "pair": match["pair"],
            "how": f"{match['pass']}, {match['kind']}, confidence {match['confidence']:.2f}",
            "difference": _money(match["difference_minor"], flag.currency)
            if match["difference_minor"]
            else "",
            "reason": match["difference_reason"] or "",
            "confidence": match["confidence"],
            "parts": match_parts.parts_of(books, results, match["pair"], flag.row_key, match["other_key"]),
        }
        for match in matches
    ]


def _broken(books: Books, results: Results, flag: Flag) -> list[Row]:
    files = results.files("break")
    if not files:
        return []
    return [
        {
            "why": "nearest" if break_row["nearest_key"] else "no candidate",
            "key": break_row["nearest_key"] or "",
            "pair": break_row["pair"],
            "how": formatting.smooth(
                formatting.in_money(break_row["why_not"] or "", break_row["currency"] or flag.currency)
            ),
            "difference": _money(break_row["difference_minor"], break_row["currency"] or flag.currency),
            "reason": break_row["reason"] or "",
        }
        for break_row in books.rows(_BROKEN, {"breaks": files, "key": flag.row_key, "most": MOST})
    ]


def _partners(flag: Flag) -> list[Row]:
    tests = [test for test in flag.tests if isinstance(test, Mapping) and test.get("partner_key")]
    return [
        {
            "why": "held against",
            "key": test["partner_key"],
            "pair": "",
            "how": f"{test['test']}: {formatting.of_test(test, flag.currency)['observed']}",
            "difference": "",
            "reason": "",
        }
        for test in tests
    ]


def _display_row(row: Row, versions: Mapping[str, str]) -> Row:
    place = f"{row['file']}, line {row['line']}" if row.get("file") else None
    if place and (version := versions.get(row["file"])):
        place += f" ({version})"
    return {**row, "amount": _money(row["amount_minor"], row["currency"]), "place": place}


def _money(minor: int | None, currency: str | None) -> str:
    return money.to_display(minor, currency or "").strip() if minor is not None else ""
