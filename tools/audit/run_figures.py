"""What of an audit is watched: rows by domain and kind, completeness, how much of each pair matched."""

from __future__ import annotations

from collections.abc import Mapping

from tools.books.engine import Books
from tools.core import settings
from tools.core.refs import CheckResult
from tools.store import open_store, run_figures

_ROWS = """
SELECT coalesce(d.domain, 'general') || '/' || t.kind AS subject, count(*) AS n
FROM txn t LEFT JOIN source_domain d ON d.source = t.source
WHERE t.scope = 'window' GROUP BY ALL
"""
_MATCHED = """
WITH compared AS (
    SELECT pair, left_key AS row_key, true AS matched FROM match_result WHERE left_key IS NOT NULL
    UNION ALL
    SELECT pair, row_key, false FROM break_result WHERE side = 'left' AND row_key IS NOT NULL
), row AS (SELECT pair, row_key, bool_or(matched) AS matched FROM compared GROUP BY ALL)
SELECT pair AS subject, avg(matched::INTEGER) AS share FROM row GROUP BY ALL
"""


def record(run_id: str, books: Books, checks: Mapping[str, CheckResult]) -> None:
    """Keep a run's figures in the store. Reads the views of `gather` where reconciliation ran."""
    store = open_store(settings.load().database_url)
    rows = {str(row["subject"]): int(row["n"]) for row in books.rows(_ROWS)}
    run_figures.put(store, run_id, run_figures.ROWS, rows)
    completeness = (checks["quality"]["facts"] if "quality" in checks else {}).get("completeness")
    if completeness is not None:
        run_figures.put(store, run_id, run_figures.COMPLETENESS, {"": completeness})
    if "reconciliation" in checks and "match" in checks["reconciliation"]["tables"]:
        matched = {str(row["subject"]): float(row["share"]) for row in books.rows(_MATCHED)}
        run_figures.put(store, run_id, run_figures.MATCH_RATE, matched)
