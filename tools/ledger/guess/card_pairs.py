"""Pairs of a card: with the bank that pays it, with the receipts of what it was charged for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from tools.books.engine import Books, quoted
from tools.ledger.guess.pair_guess import FEW, PairGuess, pair_of
from tools.ledger.guess.source_draft import SourceDraft

_MONTHLY: Final = 40  # days that a statement covers at most where no earlier line says
_LAGS: Final = 31  # days that a payment may come after the statement's end
_TIES: Final = 0.1  # share of payments that equal their sums, at least: to the cent none does by chance
_RECEIPTED: Final = 0.8  # share of a category's rows that have their receipt where one is required
_CARD_WORDS: Final = r"\b(credit ?card|card payment|amex|american express|visa|mastercard)\b"


def paid_by_bank(books: Books, card: SourceDraft, bank: SourceDraft) -> Iterator[PairGuess]:
    """Look for bank lines that pay the card: they equal the sums of what was charged between them."""
    charged = _by_day(books, card.name)
    tried = []
    for column in ("category", "description"):
        for value, lines in _lines(books, bank.name, column).items():
            ties, lag = max((_ties(lines, charged, lag), -lag) for lag in range(_LAGS))
            says = _says_card(books, value)
            if ties >= max(2, _TIES * len(lines)):
                after = f" {-lag} days before" if lag else ""
                why = f"{ties} of {len(lines)} equal the charges{after} since the line before, to the cent"
                tried.append((2, ties, column, value, why))
            elif says and len(lines) > 1:
                why = f"{len(lines)} lines say so, though they do not equal the charges: CHECK"
                tried.append((1, len(lines), column, value, why))
    if tried:
        _, _, column, value, why = max(
            tried, key=lambda candidate: (candidate[0], candidate[1], candidate[2] == "category")
        )
        yield PairGuess(pair_of(card, bank, "statement", right_where={column: [value]}), why)


def _by_day(books: Books, source: str) -> tuple[list[int], list[int]]:
    rows = books.rows(
        "SELECT posted_day, CAST(sum(amount_minor) AS BIGINT) AS total FROM txn"
        " WHERE source = $source AND posted_day IS NOT NULL AND amount_minor IS NOT NULL"
        " GROUP BY posted_day ORDER BY posted_day",
        {"source": source},
    )
    return [row["posted_day"] for row in rows], [0, *accumulate(row["total"] for row in rows)]


def _lines(books: Books, source: str, column: str) -> dict[str, list[tuple[int, int]]]:
    """Give the days and amounts of money going out, by the value of a column that repeats."""
    rows = books.rows(
        f"SELECT {quoted(column)} AS value, posted_day, amount_minor FROM txn"  # noqa: S608 - a fixed name
        " WHERE source = $source AND amount_minor < 0 AND posted_day IS NOT NULL ORDER BY posted_day",
        {"source": source},
    )
    lines: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        if row["value"]:
            lines.setdefault(row["value"], []).append((row["posted_day"], -row["amount_minor"]))
    return {value: postings for value, postings in lines.items() if len(postings) > 1}


def _ties(lines: Sequence[tuple[int, int]], charged: tuple[list[int], list[int]], lag: int) -> int:
    days, sums = charged
    ties, before = 0, lines[0][0] - _MONTHLY
    for day, paid in lines:
        total = sums[bisect_right(days, day - lag)] - sums[bisect_right(days, before - lag)]
        ties, before = ties + (total == paid != 0), day
    return ties


def _says_card(books: Books, value: str) -> bool:
    (row,) = books.rows(
        "SELECT regexp_matches(lower($value), $words) AS says", {"value": value, "words": _CARD_WORDS}
    )
    return bool(row["says"])


def with_receipts(books: Books, card: SourceDraft, receipt: SourceDraft) -> Iterator[PairGuess]:
    """Find the categories nearly all of whose rows have a receipt."""
    rows = books.rows(_RECEIPTS, {"card": card.name, "receipt": receipt.name})
    needed = [r for r in rows if r["rows"] >= FEW and r["receipted"] >= _RECEIPTED * r["rows"]]
    if not needed:
        return
    listed = ", ".join(f"{r['category']} {r['receipted']} of {r['rows']}" for r in needed)
    without = sum(r["rows"] - r["receipted"] for r in rows if r not in needed)
    rest = f"; {without} rows of other categories have none" if without else ""
    value = pair_of(card, receipt, "documents", required_for={"category": [r["category"] for r in needed]})
    yield PairGuess(value, f"receipts are there for {listed}{rest}")


_RECEIPTS: Final = """
    SELECT c.category, count(*) AS rows, count(*) FILTER (WHERE EXISTS (
               SELECT 1 FROM txn r WHERE r.source = $receipt AND r.linked_id = c.txn_id
           ) OR EXISTS (
               SELECT 1 FROM txn r WHERE r.source = $receipt AND r.linked_id IS NULL
               AND r.amount_minor = c.amount_minor AND r.vendor_key = c.vendor_key
               AND r.posted_day BETWEEN c.posted_day - 3 AND c.posted_day + 3
           )) AS receipted
    FROM txn c WHERE c.source = $card AND c.category IS NOT NULL
    GROUP BY c.category ORDER BY c.category
"""
