"""Which sources have to agree: found in the values of a first reading, each with what speaks for it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, product
from math import ceil
from typing import Any, Final

from tools.books.engine import Books, quoted
from tools.ledger.guess.related_rows import Related, related
from tools.ledger.guess.source_draft import SourceDraft

_MONTHLY: Final = 40  # days that a statement covers at most where no earlier line says
_LAGS: Final = 31  # days that a payment may come after the statement's end
_TIES: Final = 0.1  # share of payments that equal their sums, at least: to the cent none does by chance
_RECEIPTED: Final = 0.8  # share of a category's rows that have their receipt where one is required
_FEW: Final = 5  # rows of a category below which nothing is concluded
_SHARED: Final = 0.2  # share of amounts that two books of the same money have in common
_MOSTLY: Final = 0.8  # share of an account's amounts that are the bank's, where it is all the bank's money
_FILED: Final = 12  # accounts in one bank file, at most, each with an account of its own in the ledger
_SETTLED: Final = 0.6  # share of payments found in a bank
_CARD_WORDS: Final = r"\b(credit ?card|card payment|amex|american express|visa|mastercard)\b"


@dataclass(frozen=True)
class PairGuess:
    """A pair as proposed, and why."""

    value: dict[str, Any]
    why: str


def pairs(books: Books, drafts: Sequence[SourceDraft]) -> list[PairGuess]:
    """Find the pairs among the sources of a first reading."""
    of_kind = {
        kind: [draft for draft in drafts if draft.kind == kind] for kind in {draft.kind for draft in drafts}
    }
    guesses: list[PairGuess] = []
    for card, bank in product(of_kind.get("card", []), of_kind.get("bank", [])):
        guesses += _statement(books, card, bank)
    for card, receipt in product(of_kind.get("card", []), of_kind.get("receipt", [])):
        guesses += _documents(books, card, receipt)
    for bank, ledger in product(of_kind.get("bank", []), of_kind.get("ledger", [])):
        guesses += _two_books(books, bank, ledger)
    for left, right in combinations(of_kind.get("bank", []), 2):
        guesses += _same_money(books, left, right)
    for payment, bank in product(of_kind.get("payment", []), of_kind.get("bank", [])):
        guesses += _settled(books, payment, bank)
    for payment, invoice in product(of_kind.get("payment", []), of_kind.get("invoice", [])):
        guesses += _paid(books, payment, invoice, of_kind)
    paid = {guess.value["right"] for guess in guesses}
    for invoice, bank in product(of_kind.get("invoice", []), of_kind.get("bank", [])):
        if invoice.name not in paid:
            guesses += _billed(books, invoice, bank)
    return guesses


def _pair(left: SourceDraft, right: SourceDraft, mode: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - what YAML holds
    return {
        "name": f"{left.name}_to_{right.name}",
        "left": left.name,
        "right": right.name,
        "mode": mode,
        **more,
    }


def _statement(books: Books, card: SourceDraft, bank: SourceDraft) -> Iterator[PairGuess]:
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
        yield PairGuess(_pair(card, bank, "statement", right_where={column: [value]}), why)


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


def _documents(books: Books, card: SourceDraft, receipt: SourceDraft) -> Iterator[PairGuess]:
    """Find the categories nearly all of whose rows have a receipt."""
    rows = books.rows(_RECEIPTS, {"card": card.name, "receipt": receipt.name})
    needed = [r for r in rows if r["rows"] >= _FEW and r["receipted"] >= _RECEIPTED * r["rows"]]
    if not needed:
        return
    listed = ", ".join(f"{r['category']} {r['receipted']} of {r['rows']}" for r in needed)
    without = sum(r["rows"] - r["receipted"] for r in rows if r not in needed)
    rest = f"; {without} rows of other categories have none" if without else ""
    value = _pair(card, receipt, "documents", required_for={"category": [r["category"] for r in needed]})
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
# Amounts that occur once on either side, and how many days they are apart.
_SAME_AMOUNTS: Final = """
    WITH l AS (SELECT amount_minor AS amount, min(posted_day) AS day FROM txn
               WHERE source = $left AND amount_minor <> 0
                 AND ($bank_account IS NULL OR account = $bank_account)
               GROUP BY amount_minor HAVING count(*) = 1),
         r AS (SELECT $turn * amount_minor AS amount, min(posted_day) AS day, min(account) AS account FROM txn
               WHERE source = $right AND amount_minor <> 0 AND ($account IS NULL OR account = $account)
               GROUP BY amount_minor HAVING count(*) = 1)
    SELECT (SELECT count(*) FROM l) AS rows, (SELECT count(*) FROM r) AS counted, count(*) AS shared,
           CAST(quantile_disc(abs(r.day - l.day), 0.95) AS BIGINT) AS lag
    FROM l JOIN r ON r.amount = l.amount AND abs(r.day - l.day) <= 30
"""


def _shared(
    books: Books,
    left: SourceDraft,
    right: SourceDraft,
    turn: int,
    *,
    account: str | None = None,
    bank_account: str | None = None,
) -> dict[str, Any]:
    values = {
        "left": left.name,
        "right": right.name,
        "turn": turn,
        "account": account,
        "bank_account": bank_account,
    }
    return books.rows(_SAME_AMOUNTS, values)[0]


def _two_books(books: Books, bank: SourceDraft, ledger: SourceDraft) -> Iterator[PairGuess]:
    """Hold a bank against a ledger, or against the accounts of it that are this bank's."""
    accounts = _accounts(books, ledger)
    tried = [
        (_shared(books, bank, ledger, turn, account=account), account, turn)
        for account in (accounts if len(accounts) > 1 else [None])
        for turn in (1, -1)
    ]
    overlap, account, turn = max(tried, key=lambda candidate: (candidate[0]["shared"], candidate[2]))
    if overlap["shared"] < max(_FEW, _SHARED * overlap["rows"]):
        yield from _alike(books, bank, ledger, accounts if len(accounts) > 1 else [None])
        return
    banks_own = [name for shares, name, way in tried if way == turn and _is_of_bank(shares)]
    if account is not None and len(banks_own) > 1:
        overlap = _shared(books, bank, ledger, turn)
    value = _pair(bank, ledger, "full", **_reach(overlap))
    if turn < 0:
        value["sign"] = "opposite"
    if account is not None and len(banks_own) < len(accounts):
        several = banks_own if len(banks_own) > 1 else [account]
        value["right_where"] = {"account": _ledger_accounts(books, bank, ledger, turn) or several}
    yield PairGuess(
        value, f"{overlap['shared']} of {overlap['rows']} amounts of {bank.name} are in {ledger.name}"
    )


def _is_of_bank(overlap: dict[str, Any]) -> bool:
    """Whether most of an account's amounts are the bank's: of a cash book, the accounts on its other side."""
    return bool(overlap["shared"] >= max(_FEW, _MOSTLY * overlap["counted"]))


def _alike(
    books: Books, bank: SourceDraft, ledger: SourceDraft, accounts: Sequence[str | None]
) -> Iterator[PairGuess]:
    """Hold a bank against a ledger whose rows speak of the same although few agree to the cent."""
    tried = [(related(books, bank.name, ledger.name, account), account) for account in accounts]
    best, account = max(tried, key=lambda candidate: (candidate[0].rows, candidate[0].turn))
    if best.is_enough:
        value = _pair(bank, ledger, "full", **_reach({"lag": best.lag}))
        if best.turn < 0:
            value["sign"] = "opposite"
        if account is not None:
            value["right_where"] = {"account": [account]}
        yield PairGuess(value, _speaks(best, bank, ledger))


def _billed(books: Books, invoice: SourceDraft, bank: SourceDraft) -> Iterator[PairGuess]:
    """Hold invoices against the bank that pays them, or is paid."""
    near = related(books, invoice.name, bank.name)
    overlap, turn = max(
        ((_shared(books, invoice, bank, turn), turn) for turn in (-1, 1)),
        key=lambda candidate: candidate[0]["shared"],
    )
    if near.is_enough:
        turn, why = near.turn, _speaks(near, invoice, bank)
    elif overlap["shared"] >= max(_FEW, _SETTLED * overlap["rows"]):
        why = f"{overlap['shared']} of {overlap['rows']} amounts of {invoice.name} are in {bank.name}"
    else:
        return
    more = {"sign": "same"} if turn > 0 else {}
    yield PairGuess(_pair(invoice, bank, "full", **more), why)


def _speaks(near: Related, left: SourceDraft, right: SourceDraft) -> str:
    """Say what relates two books, and how sure that is."""
    by_name = near.rows - near.numbered
    ways = ((near.numbered, "by a number"), (by_name, "by name and nearly the amount"))
    by = ", ".join(f"{count} {way}" for count, way in ways if count)
    check = "; CHECK" if by_name > near.numbered else ""
    return f"{near.rows} of {near.of} rows of {left.name} speak of rows of {right.name}: {by}{check}"


def _ledger_accounts(books: Books, bank: SourceDraft, ledger: SourceDraft, turn: int) -> list[str]:
    """Give the ledger's accounts that keep the several accounts of a bank's file, if it has several."""
    own = [bank_account for bank_account in _accounts(books, bank) if bank_account is not None]
    accounts = set()
    for bank_account in own if 1 < len(own) <= _FILED else []:
        tried = [
            (_shared(books, bank, ledger, turn, account=account, bank_account=bank_account), account)
            for account in _accounts(books, ledger)
            if account is not None
        ]
        overlap, account = max(tried, key=lambda candidate: (candidate[0]["shared"], candidate[1]))
        if overlap["shared"] >= max(_FEW, _SHARED * overlap["rows"]):
            accounts.add(account)
    return sorted(accounts)


def _accounts(books: Books, draft: SourceDraft) -> list[str | None]:
    sql = "SELECT DISTINCT account FROM txn WHERE source = $source ORDER BY account"
    return [row["account"] for row in books.rows(sql, {"source": draft.name})]


def _same_money(books: Books, first: SourceDraft, second: SourceDraft) -> Iterator[PairGuess]:
    """Hold two accounts against each other that show the same lines: a cash book, payouts on their way."""
    left, right = sorted((first, second), key=lambda draft: draft.file.rows)
    overlap = _shared(books, left, right, 1)
    if overlap["shared"] >= max(_FEW, _SETTLED * overlap["rows"]):
        why = f"{overlap['shared']} of {overlap['rows']} amounts of {left.name} are in {right.name}"
        yield PairGuess(_pair(left, right, "full", **_reach(overlap)), why)


def _settled(books: Books, payment: SourceDraft, bank: SourceDraft) -> Iterator[PairGuess]:
    overlap, turn = max(
        ((_shared(books, payment, bank, t), t) for t in (-1, 1)), key=lambda candidate: candidate[0]["shared"]
    )
    if overlap["shared"] >= max(_FEW, _SETTLED * overlap["rows"]):
        value = _pair(payment, bank, "one_to_one", **_reach(overlap))
        if turn > 0:
            value["sign"] = "same"
        yield PairGuess(
            value, f"{overlap['shared']} of {overlap['rows']} amounts of {payment.name} are in {bank.name}"
        )


def _reach(overlap: dict[str, Any]) -> dict[str, int]:
    """Give the window when three days are too few for 95% of what is the same."""
    lag = ceil(overlap["lag"] or 0)
    return {"window_days": min(lag, 15)} if lag > 3 else {}  # noqa: PLR2004 - the pair's default


def _paid(
    books: Books, payment: SourceDraft, invoice: SourceDraft, of_kind: dict[str, list[SourceDraft]]
) -> Iterator[PairGuess]:
    overlap = _shared(books, payment, invoice, 1)
    reasons = []
    if overlap["shared"] >= _FEW:
        reasons.append(f"{overlap['shared']} of {overlap['rows']} payments equal an invoice")
    if "invoice_no" in payment.columns and "invoice_no" in invoice.columns:
        reasons.append("payments name their invoice")
    if "remittance" in of_kind:
        reasons.append("remittance lines say what is paid")
    if reasons:
        yield PairGuess(_pair(payment, invoice, "full"), "; ".join(reasons))
