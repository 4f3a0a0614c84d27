"""One flag beside what it was held against: its row, its matches, and the nearest candidates.

of(settings, flag) -> {"row", "candidates": [{"why", "key", "row", "pair", "how", "difference"}]}

Rows are as canonical tables have them (tools/books/tables.py), money also as decimal text under `amount`.
Empty where the run's folder is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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
        found = [*_matched(books, results, flag), *_broken(books, results, flag), *_partners(flag)]
        candidates = _distinct(found)[:MOST]
        keys = [flag.row_key, *(one["key"] for one in candidates if one["key"])]
        rows = {row["row_key"]: _shown(row) for row in books.rows(_ROWS, {"keys": keys})}
    return {
        "row": rows.get(flag.row_key, {}),
        "candidates": [{**one, "row": rows.get(one["key"], {})} for one in candidates],
    }


def vendor_of(settings: Settings, flag: Flag) -> str | None:
    """Give the vendor of a flag's row as charts name it: its id, or its key where it has none."""
    row = of(settings, flag)["row"] if flag.kind in DRAWN else {}
    return row.get("vendor_id") or row.get("vendor_key")


def compared(row: Mapping[str, Any], candidates: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lay rows side by side: a line for each field that any of them fills, and whether they agree."""
    others = [one["row"] for one in candidates]
    lines = []
    for name, label in FIELDS:
        values = [one.get(name) for one in (row, *others)]
        if any(value not in (None, "") for value in values):
            cells = [{"value": value, "same": value == values[0]} for value in values[1:]]
            lines.append({"label": label, "name": name, "value": values[0], "cells": cells})
    return lines


def _distinct(found: Iterable[Row]) -> list[Row]:
    """Keep each row once, as it was met first."""
    kept: dict[str, Row] = {}
    for one in found:
        kept.setdefault(one["key"] or one["pair"], one)
    return list(kept.values())


def _matched(books: Books, results: Results, flag: Flag) -> list[Row]:
    files = results.files("match")
    if not files:
        return []
    found = books.rows(_MATCHED, {"matches": files, "key": flag.row_key, "most": MOST})
    return [
        {
            "why": "matched",
            "key": one["other_key"],
            "pair": one["pair"],
            "how": f"{one['pass']}, {one['kind']}, confidence {one['confidence']:.2f}",
            "difference": _money(one["difference_minor"], flag.currency) if one["difference_minor"] else "",
            "reason": one["difference_reason"] or "",
        }
        for one in found
    ]


def _broken(books: Books, results: Results, flag: Flag) -> list[Row]:
    files = results.files("break")
    if not files:
        return []
    return [
        {
            "why": "nearest" if one["nearest_key"] else "no candidate",
            "key": one["nearest_key"] or "",
            "pair": one["pair"],
            "how": formatting.smooth(
                formatting.in_money(one["why_not"] or "", one["currency"] or flag.currency)
            ),
            "difference": _money(one["difference_minor"], one["currency"] or flag.currency),
            "reason": one["reason"] or "",
        }
        for one in books.rows(_BROKEN, {"breaks": files, "key": flag.row_key, "most": MOST})
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


def _shown(row: Row) -> Row:
    place = f"{row['file']}, line {row['line']}" if row.get("file") else None
    return {**row, "amount": _money(row["amount_minor"], row["currency"]), "place": place}


def _money(minor: int | None, currency: str | None) -> str:
    return money.to_display(minor, currency or "").strip() if minor is not None else ""
