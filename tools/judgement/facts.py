"""The facts of a flag as a model is told them: an id each, so that what it says can be held against them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tools import money
from tools.engine import Books
from tools.judgement.explain import in_money

MOST_EVIDENCE = 8
# Words of our own sentences: a name that holds one of them is hidden whole, not word by word.
OWN_WORDS = (
    "the and for against amount approval approver bank card date day document email exposure found held info "
    "invoice ledger looked median none not observed payment payments posted receipt row rows score severity "
    "statement test that this total vendor warning critical usd eur gbp within without"
).split()


def of(flag: Mapping[str, Any], name: str) -> dict[str, str]:
    """Give id -> fact: the row ("F1.R"), each test ("F1.T1"), evidence ("F1.E7"), what was not found."""
    told = {f"{name}.R": _row(flag)}
    for number, test in enumerate(json.loads(flag["tests"]), start=1):
        said = (
            f"test {test['test']}: observed {test['observed']}, against {test['threshold']}, "
            f"held against {test['population']}"
        )
        told[f"{name}.T{number}"] = in_money(said, flag["currency"])
    documents = json.loads(flag["documents"])
    for hit in [document for document in documents if document["found"]][:MOST_EVIDENCE]:
        told[f"{name}.{hit['evidence_id']}"] = _document(hit)
    missing = [document["kind"] for document in documents if not document["found"]]
    if missing:
        told[f"{name}.N"] = f"looked for and not found: {', '.join(missing)}"
    return told


def names(books: Books, flags: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Give what must not leave: people, clients and vendors of these books that these flags speak of."""
    text = " ".join(fact for flag in flags for fact in of(flag, "F").values()).casefold()
    sql = """
        WITH known AS (
            SELECT 'PERSON' AS label, person_name AS name FROM employee
            UNION ALL SELECT 'PERSON', person_id FROM employee
            UNION ALL SELECT 'PERSON', person_name FROM txn
            UNION ALL SELECT 'PERSON', created_by FROM txn
            UNION ALL SELECT 'PERSON', approved_by FROM txn
            UNION ALL SELECT 'CLIENT', client_name FROM client
            UNION ALL SELECT 'VENDOR', vendor_name FROM vendor
            UNION ALL SELECT 'VENDOR', vendor_name FROM txn
            UNION ALL SELECT 'VENDOR', vendor_key FROM txn
            UNION ALL SELECT 'ACCOUNT', bank_account FROM vendor
            UNION ALL SELECT 'ACCOUNT', tax_id FROM vendor
            UNION ALL SELECT 'ACCOUNT', bank_account FROM employee
            UNION ALL SELECT 'ACCOUNT', tax_id FROM employee
            UNION ALL SELECT 'ACCOUNT', bank_account FROM txn
        ),
        parts AS (
            SELECT label, name FROM known
            UNION ALL
            SELECT label, word
            FROM (
                SELECT label, unnest(string_split(name, ' ')) AS word
                FROM known
                WHERE label IN ('PERSON', 'CLIENT')
                UNION ALL
                SELECT label, string_split(name, ' ')[1] FROM known WHERE label = 'VENDOR'
            )
            WHERE NOT list_contains($own, lower(trim(word, ' ,.;:')))
        )
        SELECT DISTINCT label, trim(name, ' ,.;:') AS name FROM parts
        WHERE length(trim(name, ' ,.;:')) >= 3 AND contains($text, lower(trim(name, ' ,.;:')))
    """
    return [(row["label"], row["name"]) for row in books.rows(sql, {"text": text, "own": OWN_WORDS})]


def _row(flag: Mapping[str, Any]) -> str:
    parts: Iterable[str | None] = (
        f"{flag['kind']} row {flag['txn_id'] or ''}".strip(),
        f"of {money.to_display(flag['amount_minor'], flag['currency'])}"
        if flag["amount_minor"] is not None
        else None,
        f"to {flag['vendor']}" if flag["vendor"] else None,
        f"by {flag['person']}" if flag["person"] else None,
        f"posted on {flag['posted_on']}" if flag["posted_on"] else "without a valid date",
        f"exposure {money.to_display(flag['exposure_minor'], flag['currency'])}",
    )
    return ", ".join(part for part in parts if part)


def _document(hit: Mapping[str, Any]) -> str:
    said = f"{hit['kind']} {hit['doc_id']} ({hit.get('why', '')}): {hit.get('excerpt', '')}"
    return f"{said}; approver {hit['approver']}" if hit.get("approver") else said
