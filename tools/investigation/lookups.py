"""The read-only functions of the desk that an observer may call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from tools.books.engine import Books
from tools.core import money
from tools.core.sql_files import sql
from tools.investigation import lookup_queries
from tools.ledger import vendor
from tools.store import Store, flags
from tools.store.models import Flag

_HERE = "tools.investigation"
_SHOWN = 300  # characters of a document around the word that was found
_MOST_WORDS = 12


@dataclass(frozen=True)
class LookupResult:
    """One thing that was found: its kind (row, vendor, email, calendar, flag ...), which, and in words."""

    kind: str
    key: str
    text: str


@dataclass(frozen=True)
class Bench:
    """What lookups read: the books of the run, the store, and the rows behind the ids told so far."""

    books: Books
    store: Store
    run_id: str
    rows: Mapping[str, str]  # id of a fact -> row_key


class AskError(Exception):
    """The question cannot be answered as it was put."""


@dataclass(frozen=True)
class Lookup:
    """A function that a model may call."""

    name: str
    arguments: type[BaseModel]
    look: Callable[[Bench, Any], Iterable[LookupResult]]


def query_ledger(bench: Bench, query: lookup_queries.LedgerQuery) -> Iterable[LookupResult]:
    """Give rows of the books by parameters."""
    currency = query.currency or bench.books.manifest.currency
    bounded = query.amount_from is not None or query.amount_to is not None
    parameters = query.model_dump(exclude={"amount_from", "amount_to", "order"})
    rows = bench.books.rows(
        sql(_HERE, "ledger"),
        {
            **parameters,
            "vendor_key": vendor.key(query.vendor) if query.vendor else None,
            "currency": currency if bounded or query.currency else None,
            "amount_from": _minor(query.amount_from, currency),
            "amount_to": _minor(query.amount_to, currency),
            "largest": query.order == "largest",
        },
    )
    if rows and rows[0]["of_all"] > len(rows):
        yield LookupResult("count", "", f"{rows[0]['of_all']} rows fit; these are {len(rows)} of them")
    for row in rows:
        yield LookupResult("row", row["row_key"], _row(row))


def profile_vendor(bench: Bench, query: lookup_queries.VendorProfile) -> Iterable[LookupResult]:
    """Give a vendor's history by kind of row, and its entries in the vendor master."""
    parameters = {"vendor": query.vendor, "vendor_key": vendor.key(query.vendor), "most": 8}
    for row in bench.books.rows(sql(_HERE, "vendor"), parameters):
        shown = {name: money.to_display(row[name] or 0, row["currency"]) for name in ("middle", "largest")}
        yield LookupResult(
            "vendor",
            row["vendor_key"],
            f"{row['n']} {row['kind']} rows of {row['vendor_key']}, "
            f"from {row['first_on']} to {row['last_on']}, "
            f"median {shown['middle']}, largest {shown['largest']}, "
            f"sum {money.to_display(row['total'] or 0, row['currency'])}, by {row['people']} people, "
            f"to {row['accounts']} bank accounts",
        )
    for row in bench.books.rows(sql(_HERE, "master"), parameters):
        changed = f", bank details changed on {row['bank_changed_on']}" if row["bank_changed_on"] else ""
        recurring = ", declared recurring" if row["recurring"] == "yes" else ""
        yield LookupResult(
            "vendor",
            row["vendor_id"] or row["vendor_name"],
            f"vendor master: {row['vendor_name']}, entered on {row['created_on'] or 'no known day'}"
            f"{changed}{recurring}",
        )


def search_documents(bench: Bench, query: lookup_queries.DocumentSearch) -> Iterable[LookupResult]:
    """Give documents that hold words, the best first, each with the span around one of them."""
    asked_for = re.sub(r"(\d),(?=\d{3})", r"\1", query.words).split()
    words = [word.strip(".,;:!?\"'()").lower() for word in asked_for][:_MOST_WORDS]
    parameters = {**query.model_dump(exclude={"words"}), "words": [word for word in words if len(word) > 1]}
    for hit in bench.books.rows(sql(_HERE, "documents"), parameters):
        text = f"{hit['kind']} {hit['doc_id']} of {hit['day']}: {_span(hit['shown'] or '', hit['word'])}"
        yield LookupResult(hit["kind"], hit["doc_id"], text)


def find_candidates(bench: Bench, query: lookup_queries.Candidates) -> Iterable[LookupResult]:
    """Give rows that could be the other half of a row."""
    if query.row not in bench.rows:
        raise AskError(f"{query.row} is no row that was shown")
    parameters = {**query.model_dump(exclude={"row"}), "row_key": bench.rows[query.row]}
    for row in bench.books.rows(sql(_HERE, "candidates"), parameters):
        apart = money.to_display(row["apart"], row["currency"])
        yield LookupResult("row", row["row_key"], f"{_row(row)}; {apart} and {row['days']} days apart")


def find_decisions(bench: Bench, query: lookup_queries.Decisions) -> Iterable[LookupResult]:
    """Give earlier flags that somebody decided or reviewed."""
    past = flags.find(bench.store, vendor=query.vendor, sort="created_at", limit=1000)
    like = [flag for flag in past if _decided(flag) and query.test in (None, flag.lead_test)]
    for flag in like[: query.most]:
        review = (
            f", reviewed as {flag.review} by {flag.reviewed_by}: {flag.review_note}" if flag.review else ""
        )
        yield LookupResult(
            "flag",
            flag.flag_id,
            f"{flag.severity} flag of {flag.lead_test} on {flag.vendor or 'no vendor'}, "
            f"{money.to_display(flag.amount_minor, flag.currency)}, {flag.status}{review}",
        )


LOOKUPS: tuple[Lookup, ...] = (
    Lookup("query_ledger", lookup_queries.LedgerQuery, query_ledger),
    Lookup("profile_vendor", lookup_queries.VendorProfile, profile_vendor),
    Lookup("search_documents", lookup_queries.DocumentSearch, search_documents),
    Lookup("find_candidates", lookup_queries.Candidates, find_candidates),
    Lookup("find_decisions", lookup_queries.Decisions, find_decisions),
)


def by_name(name: str) -> Lookup:
    """Give a lookup by its name."""
    return next(lookup for lookup in LOOKUPS if lookup.name == name)


def _decided(flag: Flag) -> bool:
    return flag.review is not None or flag.status in {"approved", "rejected"}


def _minor(amount: Decimal | None, currency: str) -> int | None:
    return None if amount is None else money.to_minor(amount, currency)


def _row(row: Mapping[str, Any]) -> str:
    amount = row["amount_minor"]
    parts = (
        f"{row['kind']} row {row['txn_id'] or ''} of {row['source']}",
        f"{money.to_display(amount, row['currency'])}" if amount is not None else "no amount",
        f"on {row['posted_on']}" if row["posted_on"] else "",
        f"to {row['vendor_name']}" if row["vendor_name"] else "",
        f"by {row['person_name']}" if row["person_name"] else "",
        f"keyed by {row['created_by']}" if row["created_by"] else "",
        f"approved by {row['approved_by']}" if row["approved_by"] else "",
        f"invoice {row['invoice_no']}" if row["invoice_no"] else "",
        f"reference {row['reference']}" if row["reference"] else "",
        f"status {row['status']}" if row["status"] else "",
        f"says: {row['description'][:120]}" if row["description"] else "",
    )
    return ", ".join(part for part in parts if part)


def _span(text: str, word: str) -> str:
    place = max(0, text.lower().find(word) - _SHOWN // 3)
    return re.sub(r"\s+", " ", text[place : place + _SHOWN]).strip()
