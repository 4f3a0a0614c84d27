"""What a controller signs: the bank reconciliation, the proof of a statement's balances, the roll-forward.

The bank reconciliation is that of any controller's manual: the balance per bank, with what the books know
and the bank does not, equals the balance per books, with what the bank knows and the books do not. What is
left is the difference: explained to nothing, or shown. Money leaves as decimal text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from tools.books.engine import Books
from tools.checks.reconciliation.sides import items
from tools.core.money import to_text
from tools.ledger.sources import Pair, Sources

Row = Mapping[str, Any]

_LISTED: Final = 50  # outstanding items that are listed, the largest first
_EPOCH: Final = date(1970, 1, 1)


def is_bank_reconciliation(sources: Sources, pair: Pair) -> bool:
    """Say whether a pair is a bank account against the ledger."""
    return {sources.sources[name].kind for name in (pair.left, pair.right)} == {"bank", "ledger"}


def bank_reconciliation(books: Books, sources: Sources, pair: Pair) -> list[dict[str, Any]]:
    """Draw up the statement of a bank account, one a currency.

    Reads what `record` left of the pair: item, claim, open and wide.
    """
    bank = 0 if sources.sources[pair.left].kind == "bank" else 1
    source, accounts = ((pair.left, pair.right_where), (pair.right, pair.left_where))[bank]
    per_bank = {row["currency"]: row["closing"] for row in _balances(books, source)}
    per_books = {row["currency"]: row["closing"] for row in _closing(books, accounts.get("account", []))}
    statements = []
    for total in books.rows(items.text("totals"), {"bank": bank}):
        currency = items.currencies(books)[total["code"] - 1] if total["code"] else ""
        statement = _statement(total, per_bank.get(currency), per_books.get(currency), currency)
        for name, side in (("unrecorded_items", bank), ("outstanding_items", 1 - bank)):
            statement[name] = _outstanding(books, side, total["code"])
        statements.append({"pair": pair.name, **statement})
    return statements


def balance_proofs(books: Books, source: str) -> list[dict[str, Any]]:
    """Prove a bank source's balances, account by account: opening + movements = closing.

    Opening is the balance that no line closes with, closing the one that no line opens with.
    """
    return [
        {
            "account": row["account"],
            "currency": row["currency"],
            **_money(row, row["currency"], "opening", "movements", "closing"),
            "difference": to_text(row["closing"] - row["opening"] - row["movements"], row["currency"]),
        }
        for row in _balances(books, source)
    ]


def roll_forward(books: Books) -> list[dict[str, Any]]:
    """Roll the trial balance forward through the journal: opening + journal = closing, account by account."""
    names = ("opening", "movement", "journal", "closing", "difference")
    return [
        {
            "account": row["account"],
            "currency": row["currency"],
            "periods": row["periods"],
            **_money(row, row["currency"], *names),
        }
        for row in books.rows(items.text("roll_forward"))
    ]


def _statement(total: Row, per_bank: int | None, per_books: int | None, currency: str) -> dict[str, Any]:
    """Set balances against each other; where either is not known, the movements alone."""
    has_balances = per_bank is not None and per_books is not None
    bank, books = (per_bank, per_books) if has_balances else (total["bank"], total["books"])
    adjusted_bank = (bank or 0) + total["in_transit"] + total["outstanding"]
    adjusted_books = (books or 0) + total["unrecorded"] + total["differing"]
    lines = {
        "balance_per_bank": bank or 0,
        "deposits_in_transit": total["in_transit"],
        "outstanding_payments": total["outstanding"],
        "adjusted_bank": adjusted_bank,
        "balance_per_books": books or 0,
        "not_in_books": total["unrecorded"],
        "differences_in_matches": total["differing"],
        "adjusted_books": adjusted_books,
        "difference": adjusted_bank - adjusted_books,
    }
    return {
        "currency": currency,
        "basis": "balances" if has_balances else "movements",
        **_money(lines, currency, *lines),
    }


def _outstanding(books: Books, side: int, code: int) -> list[dict[str, Any]]:
    rows = books.rows(items.text("outstanding"), {"side": side, "code": code, "most": _LISTED})
    return [
        {
            "txn_id": row["txn_id"],
            "row_key": row["row_key"],
            "posted_on": (_EPOCH + timedelta(days=row["day"])).isoformat(),
            "amount": to_text(row["amount"], row["currency"] or ""),
            "text": row["text"],
        }
        for row in rows
    ]


def _balances(books: Books, source: str) -> list[dict[str, Any]]:
    return books.rows(items.text("balances"), {"source": source}) if books.has("balance_minor") else []


def _closing(books: Books, accounts: list[str]) -> list[dict[str, Any]]:
    return books.rows(items.text("closing"), {"accounts": accounts}) if accounts else []


def _money(row: Row, currency: str, *names: str) -> dict[str, str]:
    return {name: to_text(row[name], currency or "") for name in names}
