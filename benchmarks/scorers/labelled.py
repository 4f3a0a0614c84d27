"""Books with labels: a sources.yaml and a labels.csv that says which test should find which row.

labels.csv: file, line (the header is line 1), txn_id, expect (found or quiet), kind, test. A label about a
whole source has no file and line; its txn_id is the source's name.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from benchmarks.audited import Audited, audit
from benchmarks.datasets import DataSet, folders, has
from benchmarks.figures import Figure, share
from tools.ledger.sources import load

_SAMPLE: Final = Path(__file__).parents[2] / "samples"
_SEVERITIES: Final = "SELECT severity, count(*) FROM flag GROUP BY 1 ORDER BY 1"
_PLACED: Final = """
CREATE TABLE label AS
SELECT t.row_key, l.txn_id, l.expect, l.kind, l.test
FROM read_csv($labels, all_varchar = true) l
LEFT JOIN txn t ON t.file = l.file AND t.line = CAST(l.line AS BIGINT)
"""
_FINDINGS: Final = """
CREATE TABLE found AS
SELECT DISTINCT
    f.test, f.row_key, f.score, l.row_key IS NOT NULL AS labelled, p.row_key IS NOT NULL AS planted
FROM finding f
LEFT JOIN (SELECT DISTINCT test, row_key FROM label WHERE expect = 'found') l
  ON l.test = f.test AND l.row_key = f.row_key
LEFT JOIN (SELECT DISTINCT row_key FROM label WHERE expect = 'found') p ON p.row_key = f.row_key
"""


def find(root: Path) -> list[DataSet]:
    """Give the shipped sample, and every folder with a sources.yaml and a labels.csv."""
    held = [folder for folder in folders(root) if has(folder, "sources.yaml", "labels.csv")]
    return [DataSet(folder.name, (folder,)) for folder in dict.fromkeys([_SAMPLE, *held])]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give precision and recall of each test, planted errors found, and honest rows left alone."""
    (folder,) = data_set.folders
    with audit(load(folder / "sources.yaml"), work) as audited:
        audited.connection.execute(_PLACED, {"labels": str(folder / "labels.csv")})
        audited.connection.execute(_FINDINGS)
        return [*_whole(audited), *_by_test(audited)]


def _whole(audited: Audited) -> list[Figure]:
    planted = audited.one("SELECT count(DISTINCT row_key) FROM label WHERE expect = 'found'")
    seen = audited.one(
        "SELECT count(DISTINCT l.row_key) FROM label l JOIN finding f ON f.row_key = l.row_key "
        "WHERE l.expect = 'found'"
    )
    rows = audited.one("SELECT count(*) FROM txn WHERE scope = 'window'")
    return [
        Figure("rows audited", rows),
        Figure(
            "planted rows found by any test", share(seen, planted), "exactly", 1.0, f"{seen} of {planted}"
        ),
        _loud(audited, "look-alikes flagged above INFO", "SELECT row_key FROM label WHERE expect = 'quiet'"),
        _loud(audited, "honest rows flagged above INFO", "SELECT row_key FROM txn"),
        Figure("flags", ", ".join(f"{n} {severity}" for severity, n in audited.rows(_SEVERITIES))),
        Figure("seconds", audited.total),
    ]


def _loud(audited: Audited, name: str, among: str) -> Figure:
    told = audited.rows(
        f"""
        SELECT lead_test, count(*) FROM flag
        WHERE severity <> 'INFO' AND row_key IN ({among})
          AND row_key NOT IN (SELECT row_key FROM label WHERE expect = 'found' AND row_key IS NOT NULL)
        GROUP BY 1 ORDER BY 2 DESC, 1
        """  # noqa: S608 - our own texts
    )
    note = ", ".join(f"{test} {count}" for test, count in told)
    return Figure(name, sum(count for _, count in told), "exactly", 0, note)


def _by_test(audited: Audited) -> list[Figure]:
    told: list[tuple[Any, ...]] = audited.rows(
        """
        SELECT test, max(planted), max(hits), max(findings), max(on_planted) FROM (
            SELECT l.test, count(DISTINCT l.row_key) AS planted, count(DISTINCT f.row_key) AS hits,
                   0 AS findings, 0 AS on_planted
            FROM label l LEFT JOIN finding f ON f.test = l.test AND f.row_key = l.row_key
            WHERE l.expect = 'found' AND l.row_key IS NOT NULL GROUP BY l.test
            UNION ALL
            SELECT test, 0, 0, count(DISTINCT row_key), count(DISTINCT CASE WHEN planted THEN row_key END)
            FROM found GROUP BY test
        ) GROUP BY test ORDER BY test
        """
    )
    figures = []
    for test, planted, hits, findings, on_planted in told:
        if planted:
            figures.append(
                Figure(f"{test}: recall", share(hits, planted), "exactly", 1.0, f"{hits} of {planted}")
            )
        if findings:
            note = f"{on_planted} of {findings} on planted rows"
            figures.append(Figure(f"{test}: precision", share(on_planted, findings), note=note))
    return figures
