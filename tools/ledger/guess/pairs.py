"""Which sources have to agree: found in the values of a first reading, each with what speaks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from math import ceil
from typing import Any, Final

from tools.books.engine import Books
from tools.ledger.guess.card_pairs import paid_by_bank, with_receipts
from tools.ledger.guess.pair_guess import FEW, PairGuess, pair_of
from tools.ledger.guess.related_rows import Related, related
from tools.ledger.guess.source_draft import SourceDraft

_SHARED: Final = 0.2  # share of amounts that two books of the same money have in common
_MOSTLY: Final = 0.8  # share of an account's amounts that are the bank's, where it is all the bank's money
_FILED: Final = 12  # accounts in one bank file, at most, each with an account of its own in the ledger
_SETTLED: Final = 0.6  # share of payments found in a bank


def pairs(books: Books, drafts: Sequence[SourceDraft]) -> list[PairGuess]:
    """Find the pairs among the sources of a first reading."""
    of_kind = {
        kind: [draft for draft in drafts if draft.kind == kind] for kind in {draft.kind for draft in drafts}
    }
    guesses: list[PairGuess] = []
    for card, bank in product(of_kind.get("card", []), of_kind.get("bank", [])):
        guesses += paid_by_bank(books, card, bank)
    for card, receipt in product(of_kind.get("card", []), of_kind.get("receipt", [])):
        guesses += with_receipts(books, card, receipt)
    for bank, ledger in product(of_kind.get("bank", []), of_kind.get("ledger", [])):
        guesses += _two_books(books, bank, ledger)
    for left, right in combinations(of_kind.get("bank", []), 2):
        guesses += _same_money(books, left, right)
    for payment, bank in product(of_kind.get("payment", []), of_kind.get("bank", [])):
        guesses += _settled(books, payment, bank)
    for payment in of_kind.get("payment", []):
        guesses += _all_paid(books, payment, of_kind)
    paid = {guess.value["right"] for guess in guesses}
    for invoice, bank in product(of_kind.get("invoice", []), of_kind.get("bank", [])):
        if invoice.name not in paid:
            guesses += _billed(books, invoice, bank)
    return guesses


# Amounts that occur once on either side, and how many days they are apart.
_SAME_AMOUNTS: Final = """
    WITH l AS (SELECT amount_minor AS amount, min(posted_day) AS day FROM txn
               WHERE source = $left AND amount_minor <> 0
                 AND ($bank_account IS NULL OR account = $bank_account)
                 AND ($currency IS NULL OR currency = $currency)
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
    currency: str | None = None,
) -> dict[str, Any]:
    values = {
        "currency": currency,
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
    if overlap["shared"] < max(FEW, _SHARED * overlap["rows"]):
        yield from _alike(books, bank, ledger, accounts if len(accounts) > 1 else [None])
        return
    banks_own = [name for shares, name, way in tried if way == turn and _is_of_bank(shares)]
    if account is not None and len(banks_own) > 1:
        overlap = _shared(books, bank, ledger, turn)
    value = pair_of(bank, ledger, "full", **_reach(overlap))
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
    return bool(overlap["shared"] >= max(FEW, _MOSTLY * overlap["counted"]))


def _alike(
    books: Books, bank: SourceDraft, ledger: SourceDraft, accounts: Sequence[str | None]
) -> Iterator[PairGuess]:
    """Hold a bank against a ledger whose rows speak of the same although few agree to the cent."""
    tried = [(related(books, bank.name, ledger.name, account), account) for account in accounts]
    best, account = max(tried, key=lambda candidate: (candidate[0].rows, candidate[0].turn))
    if best.is_enough:
        value = pair_of(bank, ledger, "full", **_reach({"lag": best.lag}))
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
    elif overlap["shared"] >= max(FEW, _SETTLED * overlap["rows"]):
        why = f"{overlap['shared']} of {overlap['rows']} amounts of {invoice.name} are in {bank.name}"
    else:
        return
    more = {"sign": "same"} if turn > 0 else {}
    yield PairGuess(pair_of(invoice, bank, "full", **more, **_where(_only(invoice, bank))), why)


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
        if overlap["shared"] >= max(FEW, _SHARED * overlap["rows"]):
            accounts.add(account)
    return sorted(accounts)


def _accounts(books: Books, draft: SourceDraft) -> list[str | None]:
    sql = "SELECT DISTINCT account FROM txn WHERE source = $source ORDER BY account"
    return [row["account"] for row in books.rows(sql, {"source": draft.name})]


def _same_money(books: Books, first: SourceDraft, second: SourceDraft) -> Iterator[PairGuess]:
    """Hold two accounts against each other that show the same lines: a cash book, payouts on their way."""
    left, right = sorted((first, second), key=lambda draft: draft.file.rows)
    overlap = _shared(books, left, right, 1)
    if overlap["shared"] >= max(FEW, _SETTLED * overlap["rows"]):
        why = f"{overlap['shared']} of {overlap['rows']} amounts of {left.name} are in {right.name}"
        yield PairGuess(pair_of(left, right, "full", **_reach(overlap)), why)


def _settled(books: Books, payment: SourceDraft, bank: SourceDraft) -> Iterator[PairGuess]:
    currency = _only(payment, bank)
    overlap, turn = max(
        ((_shared(books, payment, bank, turn, currency=currency), turn) for turn in (-1, 1)),
        key=lambda candidate: candidate[0]["shared"],
    )
    if overlap["shared"] >= max(FEW, _SETTLED * overlap["rows"]):
        value = pair_of(payment, bank, "one_to_one", **_reach(overlap), **_where(currency))
        if turn > 0:
            value["sign"] = "same"
        yield PairGuess(
            value, f"{overlap['shared']} of {overlap['rows']} amounts of {payment.name} are in {bank.name}"
        )


def _only(left: SourceDraft, bank: SourceDraft) -> str | None:
    """Give the currency of a bank beside which the left book has rows in others, which the bank lacks."""
    code = bank.options.get("currency")
    values = left.column("currency").values if "currency" in left.columns else {}
    return str(code) if len(values) > 1 and code in values else None


def _where(currency: str | None) -> dict[str, dict[str, list[str]]]:
    return {"left_where": {"currency": [currency]}} if currency else {}


def _reach(overlap: dict[str, Any]) -> dict[str, int]:
    """Give the window when three days are too few for 95% of what is the same."""
    lag = ceil(overlap["lag"] or 0)
    return {"window_days": min(lag, 15)} if lag > 3 else {}  # noqa: PLR2004 - the pair's default


def _all_paid(
    books: Books, payment: SourceDraft, of_kind: dict[str, list[SourceDraft]]
) -> Iterator[PairGuess]:
    """Hold payments against the invoices that they pay: not against those to customers beside them."""
    invoices = of_kind.get("invoice", [])
    named = {invoice.name for invoice in invoices if _names(books, payment, invoice)}
    for invoice in invoices:
        if not named or invoice.name in named:
            yield from _paid(books, payment, invoice, of_kind)


# Payments whose number of an invoice, or one of those that they list, is one of the other book.
_NAMED: Final = """
    WITH own AS (SELECT DISTINCT regexp_replace(upper(invoice_no), '[^A-Z0-9]', '', 'g') AS number FROM txn
                 WHERE source = $right AND invoice_no IS NOT NULL),
         said AS (SELECT row_key, unnest(list_append(regexp_split_to_array(upper(invoice_no), '[\\s,;/+&]+'),
                                                     upper(invoice_no))) AS cell
                  FROM txn WHERE source = $left AND invoice_no IS NOT NULL)
    SELECT count(DISTINCT s.row_key) AS rows
    FROM said s JOIN own o ON o.number = regexp_replace(s.cell, '[^A-Z0-9]', '', 'g')
    WHERE o.number <> ''
"""


def _names(books: Books, payment: SourceDraft, invoice: SourceDraft) -> bool:
    """Whether payments name invoices of a book by number, several of them."""
    rows = books.rows(_NAMED, {"left": payment.name, "right": invoice.name})[0]["rows"]
    return bool(rows >= FEW)


def _paid(
    books: Books, payment: SourceDraft, invoice: SourceDraft, of_kind: dict[str, list[SourceDraft]]
) -> Iterator[PairGuess]:
    overlap = _shared(books, payment, invoice, 1)
    reasons = []
    if overlap["shared"] >= FEW:
        reasons.append(f"{overlap['shared']} of {overlap['rows']} payments equal an invoice")
    if "invoice_no" in payment.columns and "invoice_no" in invoice.columns:
        reasons.append("payments name their invoice")
    if "remittance" in of_kind:
        reasons.append("remittance lines say what is paid")
    if reasons:
        yield PairGuess(pair_of(payment, invoice, "full"), "; ".join(reasons))
