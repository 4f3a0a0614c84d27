"""Why an open row is a break: each reason, and beside it what comes just short of it."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tools.checks.reconciliation.sides import items

TABLES = """
CREATE TABLE missing (id INT, side INT, row_key VARCHAR, txn_id VARCHAR, amount_minor BIGINT, money VARCHAR,
                      amount BIGINT, day INT, due_day INT, currency VARCHAR, name VARCHAR,
                      invoice_no VARCHAR);
CREATE TABLE item (id INT, side INT, currency VARCHAR, amount BIGINT, name VARCHAR, day INT);
CREATE TABLE nearest (id INT, side INT, other_id INT, "by" INT, gap BIGINT, days INT, same_name BOOL,
                      other_name BOOL, row_key VARCHAR);
CREATE TABLE open (id INT, side INT);
CREATE TABLE slip (id INT, side INT, reason VARCHAR);
CREATE TABLE remark (id INT, side INT, word VARCHAR);
CREATE TABLE break (pair VARCHAR, side VARCHAR, row_key VARCHAR, txn_id VARCHAR, reason VARCHAR,
                    amount_minor BIGINT, money VARCHAR, difference BIGINT, nearest VARCHAR, why VARCHAR,
                    age INT, other_until DATE)
"""
READ = ("reason", "nearest", "why", "difference", "age")
# Days: today 200, books of the other side from 50 to 170 in a month that ends on 180, a window of 5,
# clearing 10, paid up to 7 days late. The row: day 100, of 1,000.
VALUES = {"pair": "p", "window": 5, "clears": 10, "other_from": 50, "today": 200, "crowd": 200, "often": 20}
VALUES |= {"overdue": 7, "other_until": 170, "other_closed": 180}
SIDE = {"side": 0, "opposite": 1, "name": "left", "opposite_name": "right"}
NEAREST = {"by": 4, "gap": 0, "days": 0, "same_name": False, "other_name": False}
NAMESAKE = {"same_name": True}
MATCHED = {"is_matched": True}
ALONE = {"by": None}
SERIES_OF_OTHERS = tuple((day, 2000, "USD") for day in (70, 100, 130))
TWIN = {**NAMESAKE, **MATCHED}

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "a twin of a matched row": ({**NAMESAKE, **MATCHED}, "duplicate"),
    "the amount of a matched row of another name": (MATCHED, "missing"),
    "near a matched row of its name": ({**NAMESAKE, **MATCHED, "gap": 5}, "missing"),
    "a slip": ({**NAMESAKE, "slip": "transposed", "gap": 900, "days": -10}, "transposed"),
    "a slip after too long": ({**NAMESAKE, "slip": "transposed", "gap": 900, "days": 11}, "missing"),
    "a slip before too long": ({**NAMESAKE, "slip": "transposed", "gap": 900, "days": -11}, "missing"),
    "a slip under another name": ({"slip": "transposed", "gap": 900}, "missing"),
    "a slip of a matched row": ({**NAMESAKE, **MATCHED, "slip": "transposed", "gap": 900}, "missing"),
    "another amount under its reference": ({"by": 2, "gap": 900, "days": 40}, "amount"),
    "another amount under its number": ({"by": 3, "gap": 900, "days": 40}, "missing"),
    "another amount of a matched row": ({**MATCHED, "by": 2, "gap": 900}, "missing"),
    "less than half away": ({**NAMESAKE, "gap": -499, "days": -5}, "amount"),
    "half away": ({**NAMESAKE, "gap": 500, "days": 5}, "missing"),
    "half away below": ({**NAMESAKE, "gap": -500}, "missing"),
    "less than half away, out of the window": ({**NAMESAKE, "gap": 499, "days": 6}, "missing"),
    "less than half away, before the window": ({**NAMESAKE, "gap": 499, "days": -6}, "missing"),
    "less than half away under another name": ({"gap": 10}, "missing"),
    "less than half away from a matched row": ({**NAMESAKE, **MATCHED, "gap": 10}, "missing"),
    "its amount beside somebody else": ({"other_name": True, "days": 10}, "wrong_party"),
    "its amount beside somebody else, too late": ({"other_name": True, "days": -11}, "missing"),
    "its amount beside somebody else, matched": ({**MATCHED, "other_name": True}, "missing"),
    "another amount beside somebody else": ({"other_name": True, "gap": 10}, "missing"),
    "its amount in an open row": ({"days": -10}, "ambiguous"),
    "its amount in an open row of its name": (NAMESAKE, "ambiguous"),
    "its amount in an open row of its reference": ({"by": 2}, "ambiguous"),
    "near under its number": ({"by": 3, "gap": 10}, "amount"),
    "its amount in an open row, too late": ({"days": 11}, "missing"),
    "a fee, of a prior period": ({**ALONE, "word": "fee", "day": 40}, "fee"),
    "a day before the other side begins": ({**ALONE, "day": 49}, "prior_period"),
    "the day on which it begins": ({**ALONE, "day": 50}, "missing"),
    "the day on which the other side's month ends": ({**ALONE, "day": 180}, "missing"),
    "a day after the other side's month": ({**ALONE, "day": 181}, "later_period"),
    "after it, beside a matched row": ({**NAMESAKE, **MATCHED, "day": 181, "gap": 5}, "missing"),
    "a day that has not cleared": ({**ALONE, "day": 191}, "timing"),
    "a day that has just cleared": ({**NAMESAKE, **MATCHED, "day": 190, "gap": 5}, "missing"),
    "a day that has not cleared, beside nothing": ({**ALONE, "day": 190}, "later_period"),
    "due today": ({**ALONE, "due_day": 200}, "timing"),
    "due as long ago as is paid late": ({**ALONE, "due_day": 193}, "timing"),
    "due longer ago": ({**ALONE, "due_day": 192}, "missing"),
}
MONTHLY: dict[str, tuple[dict[str, Any], str]] = {
    "one of a series": ({**TWIN, "series": (70, 130)}, "missing"),
    "the second of a month": ({**TWIN, "series": (40, 70, 99)}, "duplicate"),
    "half a step from its neighbour": ({**TWIN, "series": (40, 70, 115)}, "missing"),
    "two are no series": ({**TWIN, "series": (70,)}, "duplicate"),
    "as often as a series may be": ({**TWIN, "series": (80, 120)}, "missing"),
    "a series of another amount": ({**TWIN, "series": (70,), "others": SERIES_OF_OTHERS}, "duplicate"),
    "beside another amount": ({**TWIN, "series": (70, 130), "others": ((101, 2000, "USD"),)}, "missing"),
    "beside another currency": ({**TWIN, "series": (70, 130), "others": ((101, 1000, "EUR"),)}, "missing"),
    "weekly is too often": ({**TWIN, "series": (86, 93, 107)}, "duplicate"),
    "one of a series under its reference": ({**TWIN, "by": 2, "series": (70, 130)}, "duplicate"),
    "a number of its own": ({**TWIN, "invoice_no": "77"}, "duplicate"),
}
UNPAID: dict[str, tuple[dict[str, Any], str]] = {
    "an invoice with a number of its own": ({**TWIN, "invoice_no": "77"}, "unpaid"),
    "an invoice under its reference": ({**TWIN, "by": 3, "invoice_no": "77"}, "duplicate"),
    "an invoice without a number": (TWIN, "duplicate"),
}
RECEIPTS: dict[str, tuple[dict[str, Any], str]] = {
    "a twin of a matched row": ({**NAMESAKE, **MATCHED}, "missing_receipt"),
    "a day that has not cleared": ({**ALONE, "day": 195}, "missing_receipt"),
    "a fee": ({**ALONE, "word": "fee"}, "fee"),
}


def breaks(cases: list[dict[str, Any]], missing: str = "missing") -> list[dict[str, Any]]:
    """Give the break of each case, in order."""
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        for at, case in enumerate(cases):
            row = {**NEAREST, "is_matched": False, "slip": None, "word": None, "day": 100, **case}
            own = (row["day"], row.get("due_day"), f"n{at}", row.get("invoice_no"))
            connection.execute(
                "INSERT INTO missing VALUES (?, 0, ?, '', 1000, '10.00', 1000, ?, ?, 'USD', ?, ?)",
                [at, f"k{at}", *own],
            )
            for number, day in enumerate((row["day"], *row.get("series", ()))):
                posting = [at + 1000 * number, f"n{at}", day]
                connection.execute("INSERT INTO item VALUES (?, 0, 'USD', 1000, ?, ?)", posting)
            for number, other in enumerate(row.get("others", ())):
                values = [-1 - at - 1000 * number, other[2], other[1], f"n{at}", other[0]]
                connection.execute("INSERT INTO item VALUES (?, 0, ?, ?, ?, ?)", values)
            connection.execute(
                "INSERT INTO nearest VALUES (?, 1, ?, 1, 7, 7, true, true, 'other side')", [at, at]
            )
            if row["by"] is not None:
                values = [at, at, *(row[name] for name in NEAREST)]
                connection.execute("INSERT INTO nearest VALUES (?, 0, ?, ?, ?, ?, ?, ?, 'near')", values)
            if not row["is_matched"]:
                connection.execute("INSERT INTO open VALUES (?, 1)", [at])
            connection.execute(
                "INSERT INTO slip VALUES (?, 0, ?), (?, 1, 'of the other side')", [at, row["slip"], at]
            )
            connection.execute(
                "INSERT INTO remark VALUES (?, 0, ?), (?, 1, 'of the other side')", [at, row["word"], at]
            )
        connection.execute(items.text("break_row").format(**SIDE), {**VALUES, "missing": missing})
        result = connection.execute(
            "SELECT reason, nearest, why, difference, age FROM break ORDER BY cast(row_key[2:] AS INT)"
        )
        return [dict(zip(READ, row, strict=True)) for row in result.fetchall()]


@pytest.mark.parametrize(
    ("cases", "missing"),
    [(CASES, "missing"), (MONTHLY, "missing"), (UNPAID, "unpaid"), (RECEIPTS, "missing_receipt")],
)
def test_each_reason_has_its_bounds(cases: dict[str, tuple[dict[str, Any], str]], missing: str) -> None:
    """A reason holds up to its bound and not beyond; of several the first that holds is given."""
    rows = breaks([case for case, _ in cases.values()], missing)
    expected = {name: reason for name, (_, reason) in cases.items()}
    assert {name: row["reason"] for name, row in zip(cases, rows, strict=True)} == expected


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ({**ALONE, "day": 49}, "the other side begins in a later month"),
        ({**ALONE, "day": 181}, "the last row of the other side is of 1970-06-20"),
        ({**ALONE, "day": 50}, "nothing comes near in reference, name, amount or date"),
        (ALONE, "nothing comes near in reference, name, amount or date"),
        ({"by": 1}, "the document that names it"),
        ({"by": 2, "gap": -5}, "the row with its reference differs by 5 minor units"),
        (
            {"by": 3, "gap": 5, "days": 2},
            "the row with its name or number differs by 5 minor units, is 2 days later",
        ),
        (
            {"days": -3, **MATCHED},
            "the row with its amount is 3 days earlier, and is matched with another row",
        ),
        ({"by": 5, "other_name": True}, "the row with its vendor, and names somebody else"),
    ],
)
def test_the_nearest_row_is_said_to_be_none(case: dict[str, Any], why: str) -> None:
    """A break says by what its nearest row came near, how far it is, and why it is not the other side."""
    (row,) = breaks([case])
    gap = case.get("gap", 0) if case.get("by", 4) else 1000
    assert (row["why"], row["difference"], row["age"]) == (why, gap, 200 - case.get("day", 100))
    assert row["nearest"] == (None if case.get("by", 4) is None else "near")
