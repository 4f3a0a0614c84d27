"""Charts, drawn once: matplotlib takes a while, and a run's results do not change."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from desk.views.run_results import Results
from tools.books.engine import Books
from tools.core import settings
from tools.runs import workspace

# One chart is of one currency: the figures of yen and of dollars are other figures.
_CURRENCY = """
    SELECT currency FROM txn WHERE kind = 'payment' GROUP BY currency ORDER BY count(*) DESC, currency LIMIT 1
"""
MISSING = "Charts need matplotlib: pip install 'tieout[server]'."


@lru_cache(maxsize=64)
def of_run(name: str, folder: Path, newest: Path) -> str:  # noqa: ARG001 - part of the cache's key
    """Draw a run's matches, ageing or digits, and keep it until the check has run again."""
    from desk import charts  # noqa: PLC0415 - matplotlib takes a second
    from tools.checks.anomaly import digits  # noqa: PLC0415 - imported when used

    limits = settings.load()
    results = Results(folder, limits)
    if name == "digits":
        with Books.open(folder / workspace.SNAPSHOT, limits) as books:
            (most,) = books.rows(_CURRENCY) or [{"currency": None}]
            profile = digits.profile(books, ["payment"], "first", currency=most["currency"])
            return charts.benford(profile, f"payments in {most['currency']}")
    breaks = list(results.breaks())
    if name == "ageing":
        return charts.ageing(breaks)
    return charts.match_rate(list(results.matches()), breaks)


@lru_cache(maxsize=256)
def vendor(run_id: str, name: str, kind: str, rows: frozenset[str]) -> str:
    """Draw a vendor's amounts in a run's books; `rows` stand out."""
    from desk import charts  # noqa: PLC0415 - matplotlib takes a second

    limits = settings.load()
    with Books.open(workspace.run_folder(limits, run_id) / workspace.SNAPSHOT, limits) as books:
        return charts.vendor_amounts(books, name, kind, rows)
