"""Claims out of our own open invoices: one a customer and currency, with each invoice that is past due."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

from tools.books.engine import Books
from tools.core.sql_files import sql
from tools.recovery.drafts import CREDIT, OWED, ClaimDraft, ItemDraft, PartyDraft

_BASIS: Final = "Our invoices, due by their terms; payment is late without a reminder where a day was agreed."
Row = Mapping[str, Any]


def claims(
    books: Books, as_of: date, grace_days: int, claimed: Container[tuple[str, str]] = ()
) -> list[ClaimDraft]:
    """Give a claim for each customer with invoices more than `grace_days` past due on a day.

    Open credits of the customer are set off. What the customer disputes is a claim by itself, on which no
    letter goes out. claimed: party and document of what claims are on already; no second one is made of it.
    """
    past = as_of - timedelta(days=grace_days)
    listed = books.rows(sql("tools.recovery", "overdue"), {"past": past})
    rows = [row for row in listed if (_key(row)[0], str(row["document"])) not in claimed]
    keyed = groupby(sorted(rows, key=_key), key=_key)
    drafts = [_claim(books.manifest.entity, list(group)) for _, group in keyed]
    return [draft for draft in drafts if draft.amount_minor > 0]


def _key(row: Row) -> tuple[str, str, bool]:
    return str(row["party_key"] or row["party_id"]), str(row["currency"]), bool(row["is_disputed"])


def _claim(entity: str, rows: list[Row]) -> ClaimDraft:
    first = rows[0]
    name = str(first["party_name"] or first["party_id"])
    party = PartyDraft("customer", name, _key(first)[0], str(first["party_id"] or ""))
    items = [_item(row) for row in rows]
    invoices = sum(item.role == OWED for item in items)
    count = f"{invoices} invoice{'s' * (invoices > 1)} past due"
    hold = "dispute" if first["is_disputed"] else ""
    return ClaimDraft(
        entity, "overdue_invoice", party, f"{count}: {name}", _BASIS, str(first["currency"]), items, hold
    )


def _item(row: Row) -> ItemDraft:
    still_open = int(row["open_minor"])
    return ItemDraft(
        OWED if still_open > 0 else CREDIT,
        str(row["document"]),
        abs(still_open),
        str(row["currency"]),
        dated_on=row["dated_on"],
        due_on=row["due_on"],
        source="receivable",
        file=str(row["file"] or ""),
        line=row["line"],
    )
