"""A year of payments to vendors: digits, repeats and sizes against what was published of the same payments.

Published: Nigrini's corporate payments of 2010, by Nigrini himself and by the benford.analysis package for R.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from benchmarks.datasets import DataSet, folders, sources_for
from benchmarks.figures import Figure, Number
from tools import ledger
from tools.books.engine import Books
from tools.checks.anomaly import TESTS
from tools.checks.anomaly.digits import Digits, profile
from tools.checks.runner import run_tests
from tools.core.clock import clock
from tools.core.settings import Settings
from tools.ledger.sources import Sources
from tools.rules import test_header
from tools.rules.model import Rules

PUBLISHED: Final[dict[str, Number]] = {
    "amounts over 0": 185083,
    "first two: MAD": 0.002336614,
    "first two: KS": 0.033195,
    "first two: chi²": 32100.9,
    "first two: deviation of 50": 5938.25,
    "first two: deviation of 11": 3331.98,
    "first two: deviation of 10": 2811.92,
    "first two: deviation of 14": 1043.68,
    "first two: deviation of 98": 889.95,
    "amounts of 10 and more": 177763,
    "first, of 10 and more: MAD": 0.01464,
    "first two, of 10 and more: MAD": 0.00243,
    "exact repeats over 0: groups": 2326,
    "exact repeats over 0: rows": 4701,
    "exact repeats: groups": 2431,
    "exact repeats: rows": 4913,
    "same invoice, date, amount, other vendor": 853,
    "relative size factor: vendors": 6468,
    "relative size factor of 10 and more": 258,
    "50.00 occurs": 6022,
}
_NOTES: Final = {"first two: chi²": "32,094 in print; of exact digits 32,100.9, of floats 32,086.8"}
_ROWS: Final = 189470
_LARGER: Final[tuple[Digits, ...]] = ("first", "first_two")
_REPEATS: Final = """
    SELECT count(*) AS groups, CAST(coalesce(sum(n), 0) AS BIGINT) AS n FROM (
        SELECT count(*) AS n FROM txn WHERE amount_minor > 0 OR $all
        GROUP BY currency, coalesce(vendor_id, vendor_key), posted_day, invoice_no, amount_minor
        HAVING count(*) > 1)
"""
_ELSEWHERE: Final = """
    SELECT count(*) AS n FROM (
        SELECT 1 FROM txn WHERE amount_minor > 0
        GROUP BY currency, posted_day, invoice_no, amount_minor
        HAVING count(DISTINCT coalesce(vendor_id, vendor_key)) > 1)
"""
_VENDORS: Final = """
    SELECT count(*) AS n FROM (
        SELECT 1 FROM txn WHERE amount_minor > 0
        GROUP BY currency, coalesce(vendor_id, vendor_key) HAVING count(*) > 1)
"""


def find(root: Path) -> list[DataSet]:
    """Give every folder that holds payments to vendors and nothing else."""
    return [DataSet(folder.name, (folder,)) for folder in folders(root) if _fits(sources_for(folder))]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Hold each figure against the published one, where these are the payments that were published."""
    (folder,) = data_set.folders
    rows, figures, strong = measured(folder, work)
    published = PUBLISHED if rows == _ROWS else {}
    shown = [
        Figure(
            name,
            value,
            "exactly" if name in published else "shown",
            published.get(name),
            _NOTES.get(name, ""),
        )
        for name, value in figures.items()
    ]
    return [Figure("rows", rows), *shown, *(Figure(f"{name}, strong", n) for name, n in strong.items())]


def figures(data: Path, work: Path) -> dict[str, Number]:
    """Give every figure that was published, measured on the payments in a folder."""
    return measured(data, work)[1]


def measured(folder: Path, work: Path) -> tuple[int, dict[str, Number], dict[str, int]]:
    """Give the rows, the figures, and how many strong findings each anomaly test has."""
    sources = sources_for(folder)
    assert sources is not None
    to_day = sources.entity.as_of or clock().now().date()
    ledger.read(sources, ledger.Window({}, to_day, 0), Settings(), work / "snapshot")
    with Books.open(work / "snapshot", Settings()) as books:
        run_tests(books, [test_header.load("anomaly", name) for name in TESTS], Rules())
        return books.count("txn"), {**_digits(books), **_counts(books)}, _strong(books)


def _digits(books: Books) -> dict[str, Number]:
    every = profile(books, ["payment"], "first_two")
    larger = {kind: profile(books, ["payment"], kind, minimum_minor=1000) for kind in _LARGER}
    groups = sorted(every["groups"], key=lambda group: -abs(group["difference"]))[:5]
    return {
        "amounts over 0": every["n"],
        "first two: MAD": round(every["mad"], 9),
        "first two: KS": round(every["ks"], 6),
        "first two: chi²": round(every["chi2"], 1),
        **{f"first two: deviation of {g['digit']}": round(abs(g["difference"]), 2) for g in groups},
        "amounts of 10 and more": larger["first_two"]["n"],
        "first, of 10 and more: MAD": round(larger["first"]["mad"], 5),
        "first two, of 10 and more: MAD": round(larger["first_two"]["mad"], 5),
    }


def _counts(books: Books) -> dict[str, Number]:
    (over,), (every,) = (books.rows(_REPEATS, {"all": every_row}) for every_row in (False, True))
    return {
        "exact repeats over 0: groups": over["groups"],
        "exact repeats over 0: rows": over["n"],
        "exact repeats: groups": every["groups"],
        "exact repeats: rows": every["n"],
        "same invoice, date, amount, other vendor": _count(books, _ELSEWHERE),
        "relative size factor: vendors": _count(books, _VENDORS),
        "relative size factor of 10 and more": _count(
            books, "SELECT count(*) AS n FROM finding WHERE test = 'relative_size'"
        ),
        "50.00 occurs": _count(books, "SELECT count(*) AS n FROM txn WHERE amount_minor = 5000"),
    }


def _count(books: Books, sql: str) -> int:
    return int(books.rows(sql)[0]["n"])


def _strong(books: Books) -> dict[str, int]:
    rows = books.rows("SELECT test, count(*) AS n FROM finding WHERE score > 70 GROUP BY test ORDER BY test")
    return {row["test"]: row["n"] for row in rows}


def _fits(sources: Sources | None) -> bool:
    """Say whether these are payments alone, one source, nothing to pair."""
    return sources is not None and [s.kind for s in sources.sources.values()] == ["payment"]
