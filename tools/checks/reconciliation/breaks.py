"""What did not match: each break with its reason, its nearest candidate, why that was none, and its age."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from tools.books import check_tables
from tools.books.engine import Books
from tools.checks.reconciliation import match_evidence, proposals, publish_matches
from tools.checks.reconciliation.one_to_one import differences, wrong_party
from tools.checks.reconciliation.sides import items, vocabulary
from tools.checks.reconciliation.uncovered import Uncovered, set_aside
from tools.ledger.sources import Pair

_EPOCH: Final = date(1970, 1, 1)
_CROWD: Final = 200  # rows of one amount, or one vendor and size; among more, none is nearest
_OFTEN: Final = 6  # days from one to the next of a series of equal amounts, at least
_WIDE: Final = 0.25  # share of the amount within which a difference between two rows of one name is named


def prepare(books: Books) -> None:
    """Make the result tables, and the one that keeps claims until all pairs are done."""
    books.create("match", check_tables.MATCH)
    books.create("break", check_tables.BREAK)
    books.create("settled", {"pair": "VARCHAR", **proposals.CLAIM})
    match_evidence.prepare(books)


def publish(books: Books) -> None:
    """Write all pairs' claims as matches, by the rows' keys; pair by pair, where they are many.

    Keys take long to read, and would not all fit into memory side by side.
    """
    if not publish_matches.record(books):
        for row in books.rows("SELECT DISTINCT pair FROM settled ORDER BY pair"):
            if not publish_matches.record_pair(books, row["pair"]):
                books.execute(items.text("record"), {"pairs": [row["pair"]]})
    match_evidence.publish(books)


def keep(books: Books, pair: Pair) -> None:
    """Keep the pair's claims until all pairs are done."""
    books.execute("INSERT INTO settled SELECT $pair, * FROM claim", {"pair": pair.name})
    match_evidence.keep(books, pair.name)


def record(
    books: Books,
    pair: Pair,
    *,
    application: bool,
    billed: int | None = None,
    bank: Uncovered | None = None,
) -> list[dict[str, Any]]:
    """Keep the pair's claims and append its breaks; give what nothing shows (uncovered.set_aside).

    application: of payments to invoices. billed: the side of invoices that a bank is held against; open there
    is what is not paid, or elsewhere. bank: the side of a bank that shows more than payments.
    """
    if pair.mode != "statement":
        _settle(books)
    (clearing,) = books.rows(items.text("clearing"))
    values = {"pair": pair.name, **_days(books, pair, clearing)}
    keep(books, pair)
    if pair.mode == "statement":
        books.execute(items.text("break_statement"), {**values, "left": pair.left})
        return []
    began = _month(clearing["left_from"]), _month(clearing["right_from"])
    ended = clearing["left_until"], clearing["right_until"]
    beyond = _open_rows(books, pair, bank)
    _rows(books, pair, {**values, "billed": billed}, began, ended, application=application)
    return beyond


def _settle(books: Books) -> None:
    """Let the first of twins be the matched one, and see whether matched rows name one party."""
    for side in items.SIDES:
        books.execute(items.text("first_posted").format(**_sides(side)))
        if books.count("swap"):
            books.execute(items.text("swap").format(**_sides(side)))
            items.narrow(books, among="item")
    wrong_party.check(books)


def _open_rows(books: Books, pair: Pair, bank: Uncovered | None) -> list[dict[str, Any]]:
    """Fill `missing` with the open rows that are to be reported."""
    condition, accepted_values = items.where(pair.required_for, "t", "needed")
    needed = f"w.id IN (SELECT t.id FROM posting t WHERE {condition})" if pair.required_for else "true"
    books.execute(items.text("missing").format(condition=needed), accepted_values)
    return set_aside(books, pair, bank) if bank else []


def _rows(
    books: Books,
    pair: Pair,
    values: dict[str, Any],
    began: tuple[int | None, ...],
    ended: tuple[int | None, ...],
    *,
    application: bool,
) -> None:
    options = {"linked": books.has("linked_id"), "invoices": application}
    for side, source in enumerate((pair.right, pair.left)):
        sql = items.text("near").format(**_sides(side))
        books.execute(sql, {"crowd": _CROWD, "reach": items.NEAR_DAYS, "source": source, **options})
    books.execute(items.text("nearest"))
    _slips(books, pair)
    _words(books, pair.own_charge_minor)
    billed = values.pop("billed")
    for side in items.SIDES:
        missing = "missing_receipt" if pair.mode == "documents" and side == 0 else "missing"
        missing = "unpaid" if side == billed else missing
        sql = items.text("break_row").format(**_sides(side))
        parameters = {"missing": missing, "window": pair.window_days, "other_from": began[1 - side]}
        parameters |= {"other_until": ended[1 - side], "other_closed": _month_end(ended[1 - side])}
        books.execute(sql, {**values, **parameters, "crowd": _CROWD, "often": _OFTEN})
    if pair.mode == "documents" and options["linked"] and books.count("rejected"):
        sides = {"left": pair.left, "right": pair.right, "pair": pair.name}
        books.execute(items.text("not_read"), sides)


def _sides(side: int) -> dict[str, Any]:
    return {
        "side": side,
        "opposite": 1 - side,
        "name": items.NAMES[side],
        "opposite_name": items.NAMES[1 - side],
    }


def _month(first: int | None) -> int | None:
    """Give the first day of the month that a side begins in; what is older is of a prior period."""
    return first and first + 1 - (_EPOCH + timedelta(days=first)).day


def _month_end(last: int | None) -> int | None:
    """Give the last day of the month that a side ends in; what is newer no statement of it can show."""
    if last is None:
        return None
    day = _EPOCH + timedelta(days=last)
    return last - day.day + calendar.monthrange(day.year, day.month)[1]


def _days(books: Books, pair: Pair, clearing: dict[str, Any]) -> dict[str, int]:
    """Give the day as of which open rows are judged, and the days that clearing and paying ordinarily take.

    overdue: days after the day that it is due on which an invoice is ordinarily paid still.
    """
    today = books.manifest.as_of_day
    last = today if clearing["last"] is None else clearing["last"]
    horizon = (
        today if today - last <= pair.clearing_days else last
    )  # books that end long before are old books
    return {
        "today": horizon,
        "clears": min(max(pair.window_days, clearing["clears"] or 0), pair.clearing_days),
        "overdue": min(max(0, clearing["overdue"] or 0), pair.clearing_days),
    }


def _slips(books: Books, pair: Pair) -> None:
    """Name the differences between open rows and their nearest: transposed digits, a fee ..."""
    table = books.query(items.text("slips"))
    left, right = (np.asarray(table[name].to_numpy(), np.int64) for name in ("amount", "nearest_amount"))
    wide = pair.model_copy(update={"tolerance": max(pair.tolerance, _WIDE)})
    reasons = differences.name(left, right, wide)
    reason = pa.array([differences.REASONS[at] if at >= 0 else None for at in reasons], pa.string())
    books.connection.register("slip", pa.table({"id": table["id"], "side": table["side"], "reason": reason}))


def _words(books: Books, small: int) -> None:
    """Find the open rows that call themselves a fee, interest or a returned payment."""
    words = {"fee": sorted(vocabulary.FEES), "interest": sorted(vocabulary.INTEREST), "small": small}
    words["returned"] = sorted(vocabulary.RETURNED)
    books.connection.register("remark", books.query(items.text("remark"), words))
