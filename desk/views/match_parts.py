"""A match's weight in words: each comparison with its outcome, m, u and weight, from prior to rivals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from desk.views.run_results import Results
from tools.books.engine import Books

Row = dict[str, Any]
NAMES: Final = (
    "no name to compare",
    "two other parties",
    "one names another party",
    "a little alike",
    "partly alike",
    "much alike",
    "the same",
)
NUMBERS: Final = ("numbers of other things", "no number to compare", "one number in both")
FORMS: Final = ("no legal form", "one has a legal form", "another legal form", "the same legal form")
EQUAL: Final = "how seldom unrelated rows have it"
SUM: Final = "how seldom chance makes such a sum"  # of several rows: their weight has no prior of its own
_EVIDENCE: Final = """
SELECT * FROM read_parquet($evidence)
WHERE pair = $pair AND left_key IN ($key, $partner) AND right_key IN ($key, $partner)
LIMIT 1
"""
_WEIGHTS: Final = "SELECT field, level, m, u, weight FROM read_parquet($weights) WHERE pair = $pair"
_CLOSE: Final = 1e-6


def parts_of(books: Books, results: Results, pair: str, key: str, partner: str) -> list[Row]:
    """Give the parts of a match's weight (what, outcome, m, u, weight in log-odds), whose sum is its logit.

    m, u: where the weight is ln(m / u) of the pair's comparisons; None otherwise. Empty for a match that was
    settled by equal keys.
    """
    evidence, weights = results.files("evidence"), results.files("weight")
    if not evidence or not weights:
        return []
    rows = books.rows(_EVIDENCE, {"evidence": evidence, "pair": pair, "key": key, "partner": partner})
    learned = books.rows(_WEIGHTS, {"weights": weights, "pair": pair}) if rows else []
    by_level = {(row["field"], row["level"]): row for row in learned}
    return [part for row in rows for part in _parts(row, by_level)]


def _parts(row: Mapping[str, Any], learned: Mapping[tuple[str, int], Row]) -> list[Row]:
    days = row["days"]
    outcomes = (
        ("before anything is compared", "", row["prior"], None),
        ("amount", SUM if row["prior"] == 0 else EQUAL, row["amount"], None),
        ("name", NAMES[row["name_level"]], row["name"], ("name", row["name_level"])),
        ("number", NUMBERS[row["number_level"]], row["number"], ("number", row["number_level"])),
        ("legal form", FORMS[row["form_level"]], row["form"], ("form", row["form_level"])),
        ("days", f"{days:+d} business days", row["lag"], ("days", days)),
        ("what rivals it", "the next best in its group", row["rivals"], None),
    )
    return [
        {"what": what, "outcome": outcome, "weight": weight, **_shares(learned, level, weight)}
        for what, outcome, weight, level in outcomes
    ]


def _shares(
    learned: Mapping[tuple[str, int], Row], level: tuple[str, int] | None, weight: float
) -> dict[str, float | None]:
    """Give m and u where the weight is theirs: some passes count a comparison otherwise, or not at all."""
    row = learned.get(level) if level else None
    if row is None or abs(row["weight"] - weight) > _CLOSE:
        return {"m": None, "u": None}
    return {"m": row["m"], "u": row["u"]}
