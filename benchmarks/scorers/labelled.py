"""Books with labels: a sources.yaml and a labels.csv that says which test should find which row.

labels.csv: file, line (the header is line 1), txn_id, expect, kind, test, group. expect is found (the test
should name one row of the group), part (a finding here is no mistake) or quiet (nobody should be bothered).
A label about a whole source has no file and line; its txn_id is the source's name.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Final

from benchmarks.audited import Audited, audit
from benchmarks.datasets import DataSet, folders, has
from benchmarks.figures import Figure, share
from tools.ledger.sources import load

_SAMPLE: Final = Path(__file__).parents[2] / "samples"
_COUNTED: Final = """
SELECT count(*), count_if(hit), count_if(seen), count_if(flagged), count_if(grave) FROM planted_error
"""
_LOUD: Final = """
SELECT lead_test, count(*) FROM loud
WHERE severity <> 'INFO' AND ($all OR look_alike) GROUP BY 1 ORDER BY 2 DESC, 1
"""
_SEVERITIES: Final = "SELECT severity, count(*) FROM flag GROUP BY 1 ORDER BY 1"
# A flag is right when its row is part of something planted.
_BANDS: Final = """
SELECT CASE WHEN $by = 'severity' THEN severity ELSE printf('%.2f', low) END AS band, count(*),
       count_if(row_key NOT IN (SELECT row_key FROM loud))
FROM flag,
     (SELECT unnest([0.0, 0.5, 0.6, 0.7, 0.8, 0.9]) AS low, unnest([0.5, 0.6, 0.7, 0.8, 0.9, 1.01]) AS high)
WHERE confidence >= low AND confidence < high
GROUP BY 1 ORDER BY list_position(['CRITICAL', 'WARNING', 'INFO'], band), band
"""
_BY_TEST: Final = "SELECT test, planted, hits, findings, sound, missed FROM by_test ORDER BY test"


def find(root: Path) -> list[DataSet]:
    """Give the shipped sample, and every folder with a sources.yaml and a labels.csv."""
    labelled = [folder for folder in folders(root) if has(folder, "sources.yaml", "labels.csv")]
    unlike = [folder for folder in labelled if folder.resolve() != _SAMPLE.resolve()]
    return [DataSet(folder.name, (folder,)) for folder in (_SAMPLE, *unlike)]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give precision and recall of each test, planted errors found, and honest rows left alone."""
    (folder,) = data_set.folders
    text = (resources.files("benchmarks.scorers") / "labelled.sql").read_text("utf-8")
    with audit(load(folder / "sources.yaml"), work) as audited:
        _register_table_rows(audited)
        for statement in audited.connection.extract_statements(text):
            values = {"labels": str(folder / "labels.csv")} if "$labels" in statement.query else {}
            audited.connection.execute(statement, values)
        return [*_whole(audited), *_by_band(audited), *_by_test(audited)]


def _register_table_rows(audited: Audited) -> None:
    """Make a view table_row: row_key, file, line of every row of a source of kind `table`."""
    named = [path.stem for path in sorted(audited.snapshot.glob("table_*.parquet"))]
    rows = [f'SELECT row_key, file, line FROM "{name}"' for name in named] or [  # noqa: S608 - our own tables
        "SELECT NULL AS row_key, NULL AS file, 0 AS line WHERE false"
    ]
    audited.connection.execute(f"CREATE VIEW table_row AS {' UNION ALL '.join(rows)}")


def _whole(audited: Audited) -> list[Figure]:
    planted, hit, caught, flagged, grave = audited.rows(_COUNTED)[0]
    rows = audited.scalar("SELECT count(*) FROM txn WHERE scope = 'window'")
    of = f"of {planted}"
    return [
        Figure("rows audited", rows),
        Figure(
            "planted errors found by the test for them", share(hit, planted), "exactly", 1.0, f"{hit} {of}"
        ),
        Figure("planted errors found by any test", share(caught, planted), "exactly", 1.0, f"{caught} {of}"),
        Figure("planted errors flagged", share(flagged, planted), note=f"{flagged} {of}, {grave} above INFO"),
        _loud(audited, "look-alikes flagged above INFO", all_rows=False),
        _loud(audited, "honest rows flagged above INFO", all_rows=True),
        Figure("flags", ", ".join(f"{n} {severity}" for severity, n in audited.rows(_SEVERITIES))),
        Figure("seconds", audited.total),
    ]


def _loud(audited: Audited, name: str, *, all_rows: bool) -> Figure:
    counts = audited.rows(_LOUD, {"all": all_rows})
    note = ", ".join(f"{test} {count}" for test, count in counts)
    return Figure(name, sum(count for _, count in counts), "exactly", 0, note)


def _by_band(audited: Audited) -> list[Figure]:
    """Give the precision of flags by severity and by confidence: how far each band can be trusted."""
    figures = []
    for by, name in (
        ("severity", "flags {}: precision"),
        ("confidence", "flags of confidence {} up: precision"),
    ):
        for band, flags, right in audited.rows(_BANDS, {"by": by}):
            figures.append(
                Figure(
                    name.format(band), share(right, flags), note=f"{right} of {flags} flags on planted rows"
                )
            )
    return figures


def _by_test(audited: Audited) -> list[Figure]:
    figures = []
    for test, planted, hits, findings, sound, missed in audited.rows(_BY_TEST):
        if planted:
            note = f"{hits} of {planted}" + (f", not {missed}" if missed else "")
            figures.append(Figure(f"{test}: recall", share(hits, planted), "exactly", 1.0, note))
        if findings:
            note = f"{sound} of {findings} rows"
            figures.append(Figure(f"{test}: precision", share(sound, findings), note=note))
    return figures
