"""The facts of a flag as a model is told them: an id each, so that what it says can be held against them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tools.books.engine import Books
from tools.core import money
from tools.core.sql_files import sql
from tools.judgement.explain import in_money
from tools.models.masking import Mask, folded, plain

MOST_EVIDENCE = 8
# Words of our own sentences: a name that holds one of them is hidden whole, not word by word.
OWN_WORDS = (
    "the and for against amount approval approver bank card date day document email exposure found held info "
    "invoice ledger looked median none not observed payment payments posted receipt row rows score severity "
    "statement test that this total vendor warning critical usd eur gbp within without"
).split()


def of(flag: Mapping[str, Any], name: str) -> dict[str, str]:
    """Give id -> fact: the row ("F1.R"), each test ("F1.T1"), evidence ("F1.E7"), what was not found."""
    facts = {f"{name}.R": row_text(flag)}
    for number, test in enumerate(json.loads(flag["tests"]), start=1):
        line = (
            f"test {test['test']}: observed {test['observed']}, against {test['threshold']}, "
            f"held against {test['population']}"
        )
        facts[f"{name}.T{number}"] = in_money(line, flag["currency"])
    documents = json.loads(flag["documents"])
    for hit in [document for document in documents if document["found"]][:MOST_EVIDENCE]:
        facts[f"{name}.{hit['evidence_id']}"] = _document(hit)
    missing = [document["kind"] for document in documents if not document["found"]]
    if missing:
        facts[f"{name}.N"] = f"looked for and not found: {', '.join(missing)}"
    return facts


def hidden(facts: Mapping[str, str], mask: Mask) -> dict[str, str]:
    """Mask facts; what was found in documents, people wrote."""
    return {
        name: mask.hide(text, letter=name.partition(".")[2].startswith("E")) for name, text in facts.items()
    }


def names(books: Books, flags: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Give what must not leave: people, clients and vendors of these books that these flags speak of."""
    return names_in(books, (fact for flag in flags for fact in of(flag, "F").values()))


def names_in(books: Books, texts: Iterable[str]) -> list[tuple[str, str]]:
    """Give the same for texts: label and name, as the books, or senders of mail, write it."""
    text = " ".join(folded(plain(text)).lower() for text in texts)
    parameters = {"text": text, "own": OWN_WORDS}
    return [(row["label"], row["name"]) for row in books.rows(sql("tools.judgement", "names"), parameters)]


def row_text(flag: Mapping[str, Any]) -> str:
    """Give a flag's row in words: its kind and id, money, vendor, person, day and exposure."""
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
    text = f"{hit['kind']} {hit['doc_id']} ({hit.get('why', '')}): {hit.get('excerpt', '')}"
    return f"{text}; approver {hit['approver']}" if hit.get("approver") else text
