"""Card books with receipts, a bank that pays once a month, and metadata.json with the corrupted rows.

Clean books must stay quiet; corrupted ones must give their rows away, and the pairs of copies must be true.
Every other corruption (fields left out, charges without a payment, anything that metadata.json names) is
scored by its rows: flagged, and flagged rightly. The peer's figures are those of its own published run.
"""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.audited import Audited, audit
from benchmarks.datasets import DataSet, folders, has, sources_for, without
from benchmarks.figures import Figure, Rule, share
from tools.core.severity_levels import GRAVEST_FIRST
from tools.ledger.sources import Sources

_SUSPECT_OVER: Final = 70
# What the peer reached on its own sets: flagged rows that are right, and corrupted rows that are flagged.
_PEER: Final = {"missing_fields": (1.0, 0.9815), "orphan_transactions": (1.0, 1.0)}
_POSTED: Final = ("card", "receipt", "invoice", "payment", "ledger")
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
    assert sources is not None
    assert truth is not None
    if not truth["corrupted_row_ids"]:
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
    metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    truth = metadata.get("ground_truth") if isinstance(metadata, dict) else None
    if not isinstance(truth, dict) or "corrupted_row_ids" not in truth:
        return None
    return {"corruption_type": metadata.get("corruption_type", "none"), **truth}


def _quiet(audited: Audited) -> list[Figure]:
    rows = audited.scalar("SELECT count(*) FROM txn WHERE scope = 'window'")
    return [Figure("rows audited", rows), *quiet_flags(audited, rows)]


def quiet_flags(audited: Audited, rows: int) -> list[Figure]:
    """Give the flags of books in which nothing is wrong: nothing grave, INFO on under 1% of the rows."""
    by_severity = dict.fromkeys(map(str, GRAVEST_FIRST), (0, ""))
    for severity, count, tests in audited.rows(_SEVERITIES):
        by_severity[severity] = (count, tests)
    info, tests = by_severity.pop("INFO")
    return [
        *(Figure(f"{severity} flags", n, "exactly", 0, note) for severity, (n, note) in by_severity.items()),
        Figure("INFO flags, share of rows", share(info, rows), "at most", 0.01, f"{info} {tests}".strip()),
        Figure("seconds", audited.total, "at most", 34, "the peer: 34 s"),
    ]


def _corrupted(audited: Audited, folder: Path, truth: dict[str, Any]) -> list[Figure]:
    """Give the corrupted rows that were flagged, those told in any way, and flags on anything else.

    A row that could not be read is told as a rejected line with its reason. Flags on rows that have no id
    (a bank line, a source) are no error of precision: the corruption may show there; they are listed.
    """
    kind, true = truth["corruption_type"], {str(name) for name in truth["corrupted_row_ids"]}
    ids = {**_ids(audited, folder, *_POSTED), **_rejected(audited, folder)}
    flags = audited.rows("SELECT row_key, severity, lead_test, case_id FROM flag")
    flagged = {ids[key] for key, *_ in flags if key in ids}
    read = {key: name for key, name in ids.items() if key.startswith("line:")}
    caught = {ids[key] for (key,) in audited.rows("SELECT row_key FROM finding") if key in ids} | {
        *read.values()
    }
    precision, recall = _PEER.get(kind, (None, None))
    elsewhere = Counter(f"{severity} {test}" for key, severity, test, _ in flags if key not in ids)
    sound = Counter(test for key, _, test, _ in flags if key in ids and ids[key] not in true)
    by_severity = Counter(severity for key, severity, *_ in flags if ids.get(key) in true)
    cases = len({case for key, _, _, case in flags if ids.get(key) in true})
    right = len(flagged & true)
    return [
        Figure(
            f"{kind}: flagged rows that are corrupted", share(right, len(flagged)), _rule(precision),
            precision, _listed(sound) or f"{right} of {len(flagged)}",
        ),
        Figure(
            f"{kind}: corrupted rows that are flagged", share(right, len(true)), _rule(recall),
            recall, f"{right} of {len(true)}: {_listed(by_severity)}, in {cases} cases",
        ),
        Figure(
            f"{kind}: corrupted rows told by any test", share(len(caught & true), len(true)),
            note=f"{len({*read.values()} & true)} as rejected lines",
        ),
        Figure("flags on rows without an id", elsewhere.total(), note=_listed(elsewhere)),
        Figure("seconds", audited.total, "at most", 35, "the peer: 32 to 34 s"),
    ]  # fmt: skip


def _rule(beat: float | None) -> Rule:
    return "shown" if beat is None else "at least"


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in sorted(counted.items()))


def _copies(audited: Audited, folder: Path, truth: dict[str, Any], how: str) -> list[Figure]:
    ids = _ids(audited, folder, "card")
    corrupted = {str(name) for name in truth["corrupted_row_ids"]}
    reported = audited.rows(
        'SELECT row_key, partner_key FROM finding WHERE "check" = $check AND score > $over '
        "AND partner_key IS NOT NULL",
        {"over": _SUSPECT_OVER, "check": "quality"},
    )
    groups: dict[str, set[str]] = defaultdict(set)
    for key, name in ids.items():
        groups[name].add(key)
    hit = {ids[key] for pair in reported for key in pair if key in ids} & corrupted
    false = [pair for pair in reported if ids.get(pair[0]) != ids.get(pair[1])]
    extra = sum(len(keys) - 1 for keys in groups.values())
    copies = len({key for key, _ in reported})
    untied = audited.scalar("SELECT count(*) FROM finding WHERE test = 'statement_difference'")
    spread = audited.scalar(
        "SELECT count(*) FROM \"break\" WHERE side <> 'statement' AND pair IN "
        "(SELECT DISTINCT pair FROM \"break\" WHERE side = 'statement')"
    )
    return [
        Figure(
            f"{how}: corrupted groups found", len(hit), "at least", len(corrupted), f"of {len(corrupted)}"
        ),
        Figure(f"{how}: false pairs", len(false), "exactly", 0),
        Figure(f"{how}: copies named", copies, note=f"of {extra} extra rows"),
        Figure(f"{how}: months that don't tie", untied, note="one break a month"),
        Figure(f"{how}: breaks of single charges under them", spread, "exactly", 0),
        Figure(f"{how}: seconds", audited.total, "at most", 33, "the peer: 33 s"),
    ]


def _ids(audited: Audited, folder: Path, *kinds: str) -> dict[str, str]:
    """Give the id that each row's file has for it, whether or not it was read; by row_key."""
    row_ids: dict[str, str] = {}
    for source, files in _files(audited, "txn").items():
        for file, kind in files:
            named = _ids_by_line(folder / file, source, folder) if kind in kinds else {}
            keys = audited.rows("SELECT line, row_key FROM txn WHERE file = $file", {"file": file})
            row_ids.update({key: named[line] for line, key in keys if line in named})
    return row_ids


def _rejected(audited: Audited, folder: Path) -> dict[str, str]:
    """Give the ids of rows that could not be read, by the key that a finding on such a line has."""
    rejected: dict[str, str] = {}
    for source, files in _files(audited, "rejected").items():
        for file, _ in files:
            named = _ids_by_line(folder / file, source, folder)
            lines = audited.rows("SELECT line FROM rejected WHERE file = $file", {"file": file})
            rejected.update(
                {f"line:{source}:{file}:{line}": named[line] for (line,) in lines if line in named}
            )
    return rejected


def _files(audited: Audited, table: str) -> dict[str, list[tuple[str, str]]]:
    """Give the files that rows of a table came from, by source, each with the kind of its rows."""
    kind = "kind" if table == "txn" else "''"
    files: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for source, file, of in audited.rows(f"SELECT DISTINCT source, file, {kind} FROM {table} ORDER BY ALL"):  # noqa: S608 - fixed names
        files[source].append((file, of))
    return files


def _ids_by_line(path: Path, source: str, folder: Path) -> dict[int, str]:
    """Give the id on each line of a file, by the column that its source reads as txn_id."""
    sources = sources_for(folder)
    column = sources.sources[source].columns.get("txn_id") if sources else None
    if not column or path.suffix != ".csv":
        return {}
    with path.open(encoding="utf-8-sig", newline="") as raw:
        return {line: row[column] for line, row in enumerate(csv.DictReader(raw), 2) if row.get(column)}
