"""Card books with receipts, a bank that pays once a month, and metadata.json with the corrupted rows.

Clean books must stay quiet; corrupted ones must give their rows away, and the pairs of copies must be true.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from benchmarks.audited import Audited, audit
from benchmarks.datasets import DataSet, folders, has, sources_for, without
from benchmarks.figures import Figure, pairs, share
from tools.ledger.sources import Sources

_SUSPECT_OVER: Final = 70
_SEVERITIES: Final = """
SELECT severity, count(*), string_agg(DISTINCT lead_test, ', ' ORDER BY lead_test) FROM flag GROUP BY 1
"""


def find(root: Path) -> list[DataSet]:
    """Give every folder with a metadata.json that tells its corruption, and a sources file that fits."""
    return [
        DataSet(f.name, (f,))
        for f in folders(root)
        if has(f, "metadata.json") and _truth(f) and sources_for(f)
    ]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give what is suspected; for corrupted books also with the transactions' ids left out."""
    (folder,) = data_set.folders
    sources, truth = sources_for(folder), _truth(folder)
    assert sources is not None  # noqa: S101 - found by it
    assert truth is not None  # noqa: S101 - found by it
    if not truth["corrupted_rows"]:
        with audit(sources, work / "clean") as audited:
            return _quiet(audited)
    if truth["corruption_type"] != "duplicates":
        with audit(sources, work / "corrupted") as audited:
            return _corrupted(audited, folder, truth)
    with audit(sources, work / "with_ids") as audited:
        figures = _copies(audited, folder, truth, "with ids")
    with audit(without_ids(sources), work / "without_ids") as audited:
        return figures + _copies(audited, folder, truth, "without ids")


def without_ids(sources: Sources) -> Sources:
    """Give the same sources with the card transactions' ids not read."""
    return without(sources, "txn_id", kind="card")


def _truth(folder: Path) -> dict[str, Any] | None:
    found = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    truth = found.get("ground_truth") if isinstance(found, dict) else None
    if not isinstance(truth, dict) or "corrupted_row_ids" not in truth:
        return None
    return {"corruption_type": found.get("corruption_type", "none"), **truth}


def _quiet(audited: Audited) -> list[Figure]:
    rows = audited.one("SELECT count(*) FROM txn WHERE scope = 'window'")
    return [Figure("rows audited", rows), *quiet_flags(audited, rows)]


def quiet_flags(audited: Audited, rows: int) -> list[Figure]:
    """Give the flags of books in which nothing is wrong: nothing grave, INFO on under 1% of the rows."""
    told = dict.fromkeys(("CRITICAL", "WARNING", "INFO"), (0, ""))
    for severity, count, tests in audited.rows(_SEVERITIES):
        told[severity] = (count, tests)
    info, tests = told.pop("INFO")
    return [
        *(Figure(f"{severity} flags", n, "exactly", 0, note) for severity, (n, note) in told.items()),
        Figure("INFO flags, share of rows", share(info, rows), "at most", 0.01, f"{info} {tests}".strip()),
        Figure("seconds", audited.total, "at most", 34, "the peer: 34 s"),
    ]


def _corrupted(audited: Audited, folder: Path, truth: dict[str, Any]) -> list[Figure]:
    """Give the corrupted rows that were flagged, those found by any test, and flags on sound rows."""
    ids, true = _ids(audited, folder), {(name,) for name in truth["corrupted_row_ids"]}
    flagged = {(ids[key],) for (key,) in audited.rows("SELECT row_key FROM flag") if key in ids}
    found = {(ids[key],) for (key,) in audited.rows("SELECT row_key FROM finding") if key in ids}
    return [
        *pairs(flagged, true, name=f"{truth['corruption_type']}: flagged"),
        Figure("found by any test", share(len(found & true), len(true)), note=f"of {len(true)}"),
        Figure("seconds", audited.total),
    ]


def _copies(audited: Audited, folder: Path, truth: dict[str, Any], how: str) -> list[Figure]:
    ids = _ids(audited, folder)
    corrupted = set(truth["corrupted_row_ids"])
    told = audited.rows(
        'SELECT row_key, partner_key FROM finding WHERE "check" = $check AND score > $over '
        "AND partner_key IS NOT NULL",
        {"over": _SUSPECT_OVER, "check": "quality"},
    )
    groups: dict[str, set[str]] = defaultdict(set)
    for key, name in ids.items():
        groups[name].add(key)
    found = {ids[key] for pair in told for key in pair if key in ids} & corrupted
    false = [pair for pair in told if ids.get(pair[0]) != ids.get(pair[1])]
    extra = sum(len(keys) - 1 for keys in groups.values())
    copies = len({key for key, _ in told})
    untied = audited.one("SELECT count(*) FROM finding WHERE test = 'statement_difference'")
    spread = audited.one(
        "SELECT count(*) FROM \"break\" WHERE side <> 'statement' AND pair IN "
        "(SELECT DISTINCT pair FROM \"break\" WHERE side = 'statement')"
    )
    return [
        Figure(
            f"{how}: corrupted groups found", len(found), "at least", len(corrupted), f"of {len(corrupted)}"
        ),
        Figure(f"{how}: false pairs", len(false), "exactly", 0),
        Figure(f"{how}: copies named", copies, note=f"of {extra} extra rows"),
        Figure(f"{how}: months that don't tie", untied, note="one break a month"),
        Figure(f"{how}: breaks of single charges under them", spread, "exactly", 0),
        Figure(f"{how}: seconds", audited.total, "at most", 33, "the peer: 33 s"),
    ]


def _ids(audited: Audited, folder: Path) -> dict[str, str]:
    """Give each card row's id as its file has it, whether or not it was read."""
    found: dict[str, str] = {}
    sources = sources_for(folder)
    assert sources is not None  # noqa: S101 - asked before
    column = next(s.columns["txn_id"] for s in sources.sources.values() if s.kind == "card")
    for (file,) in audited.rows("SELECT DISTINCT file FROM txn WHERE kind = 'card'"):
        with (folder / file).open(encoding="utf-8-sig", newline="") as raw:
            named = {line: row[column] for line, row in enumerate(csv.DictReader(raw), 2)}
        keys = audited.rows("SELECT line, row_key FROM txn WHERE file = $file", {"file": file})
        found.update({key: named[line] for line, key in keys})
    return found
