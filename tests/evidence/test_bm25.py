"""The score of a document is BM25, to the digit; and nothing else decides what is linked."""

from __future__ import annotations

import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.judgement.desk import Desk, finding

ROW: dict[str, Any] = {
    "row_key": "p", "txn_id": "PAY-2201", "kind": "payment", "posted_on": "2025-03-10",
    "amount_minor": 1_234_550, "vendor_name": "Acme Widgets", "invoice_no": "INV-0077",
}  # fmt: skip
BODIES = (
    "Acme wants INV-0077 paid",
    "inv-0077 inv-0077 inv-0077",
    "Acme Acme Acme: PAY-2201, INV-0077 of 12,345.50 for widgets, and more about weather and roads",
    "Nothing of that kind",
    "Widgets for 12.345,50",
)


def _mails(bodies: tuple[str, ...]) -> list[dict[str, Any]]:
    envelope = {"sent_at": "2025-03-08 09:00:00", "sender": "x", "subject": "s"}
    return [
        {"doc_id": f"m{n}", "thread_id": f"m{n}", "body": body, **envelope} for n, body in enumerate(bodies)
    ]


def _tokens(text: str) -> list[str]:
    plain = re.sub(r"(\d)\.(\d{3}),(\d{2})", r"\1\2.\3", text)
    plain = re.sub(r"(\d),(\d{3})", r"\1\2", plain).lower()
    return re.findall("[a-z0-9]+", plain) + re.findall(r"[a-z0-9]+(?:[.\-/_#][a-z0-9]+)+", plain)


def _squeezed(tokens: list[str]) -> list[str]:
    """Give "inv0077" beside "inv-0077": a second way to find it, which makes no document longer."""
    joined = [token for token in tokens if re.search(r"[^a-z0-9]", token) and re.search("[a-z]", token)]
    return tokens + [re.sub(r"[^a-z0-9]", "", token) for token in joined]


def _bm25(query: set[str], place: int, bodies: tuple[str, ...], k1: float = 1.2, b: float = 0.75) -> float:
    """Robertson and Zaragoza (2009), with the idf that is never negative."""
    sizes = [len(_tokens(f"s x {body}")) for body in bodies]
    documents = [Counter(_squeezed(_tokens(f"s x {body}"))) for body in bodies]
    usual, size = sum(sizes) / len(sizes), sizes[place]
    score = 0.0
    for term in query & documents[place].keys():
        n = documents[place][term]
        holding = sum(term in document for document in documents)
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        score += idf * n * (k1 + 1) / (n + k1 * (1 - b + b * size / usual))
    return score


def test_a_score_is_bm25_over_the_terms_of_the_row(tmp_path: Path) -> None:
    """As the formula gives it, each term once, whatever parts it plays."""
    desk = Desk(tmp_path, txn=[ROW], email=_mails(BODIES))
    desk.record("anomaly", [finding("p", "amount_against_vendor", 90)])
    desk.gather()
    desk.search()
    hits = desk.read("evidence/evidence.parquet", "doc_id")
    query = {
        "pay-2201",
        "pay2201",
        "2201",
        "inv0077",
        "inv-0077",
        "0077",
        "acme",
        "widgets",
        "12345.50",
        "12345.5",
    }
    expected = {f"m{n}": round(_bm25(query, n, BODIES), 4) for n in (0, 1, 2, 4)}
    assert {hit["doc_id"]: hit["score"] for hit in hits if hit["kind"] == "email"} == pytest.approx(expected)


def test_a_hit_has_its_place_in_the_document(tmp_path: Path) -> None:
    """The span is where the words stand; an amount is found however it was grouped."""
    body = "word " * 100 + "Acme gets 12,345.50 for it " + "word " * 100
    desk = Desk(tmp_path, txn=[ROW], email=_mails((body,)))
    desk.record("anomaly", [finding("p", "amount_against_vendor", 90)])
    desk.gather()
    desk.search()
    (hit,) = [row for row in desk.read("evidence/evidence.parquet", "doc_id") if row["kind"] == "email"]
    span = f"s\n{body}"[hit["span_start"] : hit["span_end"]]
    assert "gets 12,345.50 for it" in span
    assert hit["excerpt"] == f"... {' '.join(span.split())} ..."
