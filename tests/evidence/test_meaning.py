"""Search by meaning adds documents for the reader; findings, severities and links are the same without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.judgement.desk import Desk, finding
from tests.listening import listening
from tools.core.settings import Settings
from tools.evidence.search import search

TOPICS = ("travel", "hotel", "flight", "paint", "timber")
ROW: dict[str, Any] = {
    "row_key": "p", "txn_id": "PAY-2201", "kind": "payment", "posted_on": "2025-03-10", "category": "Travel",
    "amount_minor": 1_234_550, "vendor_name": "Acme Tours", "person_name": "Dana Ortiz",
    "description": "flight and hotel", "invoice_no": "INV-0077",
}  # fmt: skip
MAILS = [
    ("m1", "About INV-0077", "see attached"),
    ("m2", "Fair", "We need a flight and a hotel for dana@desk.example, says Dana Ortiz of Acme Tours"),
    ("m3", "Paint", "The paint for the timber came"),
]


class _Endpoint(BaseHTTPRequestHandler):
    """Gives for each text how often it speaks of each topic."""

    texts: list[str]
    fails = False

    def do_POST(self) -> None:
        """Answer /embeddings."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).texts += body["input"]
        vectors = [[text.lower().count(topic) + 0.01 for topic in TOPICS] for text in body["input"]]
        data = [{"object": "embedding", "index": n, "embedding": vector} for n, vector in enumerate(vectors)]
        answer = json.dumps(
            {"object": "list", "data": data, "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
        ).encode()
        self.send_response(503 if type(self).fails else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[tuple[type[_Endpoint], str]]:
    """Serve embeddings on a real socket."""
    handler = type("Handler", (_Endpoint,), {"texts": [], "fails": False})
    with listening(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as port:
        yield handler, f"http://127.0.0.1:{port}/v1"


def _searched(folder: Path, url: str, index: Path) -> tuple[list[dict[str, Any]], list[Any], str]:
    """Give the hits of e-mails, the flags' substance, and the note."""
    envelope = {"sent_at": "2025-03-08 09:00:00", "sender": "omar@desk.example"}
    mail = [
        {"doc_id": n, "thread_id": n, "subject": subject, "body": body, **envelope}
        for n, subject, body in MAILS
    ]
    desk = Desk(folder, txn=[ROW], email=mail, employee=[{"person_id": "E1", "person_name": "Dana Ortiz"}])
    desk.record("anomaly", [finding("p", "amount_against_vendor", 90)])
    desk.gather()
    settings = Settings(
        embeddings_model="m" if url else "",
        embeddings_base_url=url,
        model_attempts=1,
        DOCUMENTS_URL=str(index),
    )
    path = folder / "suspects" / "suspect.parquet"
    result = search(desk.books, path, desk.rules, out=folder / "evidence", settings=settings)
    desk.judge()
    hits = [
        hit for hit in desk.read("evidence/evidence.parquet", "kind, score DESC") if hit["kind"] == "email"
    ]
    flags = [
        (flag["severity"], flag["score"], flag["confidence"])
        for flag in desk.read("judged/flag.parquet", "row_key")
    ]
    return hits, flags, result.note


def test_documents_close_in_meaning_come_beside_those_that_name_the_row(
    tmp_path: Path, endpoint: tuple[type[_Endpoint], str]
) -> None:
    """Ranked by both, called what they are, and nothing is judged otherwise; what leaves is masked."""
    handler, url = endpoint
    plain, flags_without, _ = _searched(tmp_path / "a", "", tmp_path / "index")
    hits, flags_with, note = _searched(tmp_path / "b", url, tmp_path / "index")
    assert {hit["doc_id"]: hit["why"] for hit in plain} == {"m1": "names it", "m2": "names the vendor"}
    assert {hit["doc_id"]: hit["why"] for hit in hits} == {
        "m1": "names it",
        "m2": "names the vendor",
        "m3": "close in meaning",
    }
    first_and_second, third = round(1 / 61 + 1 / 62, 4), round(1 / 63, 4)  # of both lists; of one alone
    scores = {hit["doc_id"]: hit["score"] for hit in hits}
    assert scores == {"m1": first_and_second, "m2": first_and_second, "m3": third}
    assert (flags_with, note) == (flags_without, "")
    leaked = [text for text in handler.texts for name in ("Dana", "Acme", "@desk") if name in text]
    assert leaked == []


def test_a_text_is_asked_for_once(tmp_path: Path, endpoint: tuple[type[_Endpoint], str]) -> None:
    """The second run takes its vectors from the index."""
    handler, url = endpoint
    first = _searched(tmp_path / "a", url, tmp_path / "index")
    text_count = len(handler.texts)
    assert _searched(tmp_path / "b", url, tmp_path / "index") == first
    assert len(handler.texts) == text_count


def test_without_its_endpoint_the_search_by_words_stands(
    tmp_path: Path, endpoint: tuple[type[_Endpoint], str]
) -> None:
    """And the run says so."""
    handler, url = endpoint
    handler.fails = True
    plain, _, _ = _searched(tmp_path / "a", "", tmp_path / "index")
    hits, _, note = _searched(tmp_path / "b", url, tmp_path / "index")
    assert hits == plain
    assert note == "no embeddings: InternalServerError"
