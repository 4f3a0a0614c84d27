"""Documents are data: what is written in them changes no suspect, no severity and no step of a score."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import prompts
from tests.judgement.desk import Desk, finding
from tests.judgement.injections import INJECTIONS
from tests.openai_server import Body, Reply, asked, serve
from tools.judgement.judge import read_flags
from tools.judgement.phrase import phrase, substance
from tools.settings import Settings

HARMLESS = "Quarterly order of paper and toner"
JUDGED = ("row_key", "severity", "risk", "score", "confidence", "exposure_minor", "role", "family")


def _desk(folder: Path, written: str) -> Desk:
    """Give judged books in which one text stands in memo, vendor name, mail and calendar."""
    row = {
        "kind": "payment",
        "posted_on": "2025-03-03",
        "amount_minor": 5_000_000,
        "person_name": "Dana Ortiz",
    }
    rows = [
        {**row, "row_key": key, "txn_id": f"PAY-{key}1234", "vendor_name": written, "description": written}
        for key in "ab"
    ]
    mail = [
        {
            "doc_id": "m1",
            "thread_id": "t1",
            "sent_at": "2025-03-02 10:00:00",
            "sender": "x@evil.example",
            "recipients": "pay@desk.example",
            "subject": "PAY-b1234",
            "body": written,
        }
    ]
    event = [
        {"doc_id": "c1", "starts_at": "2025-03-03 10:00:00", "title": written, "attendees": "Dana Ortiz"}
    ]
    people = [{"person_id": "E1", "person_name": "Dana Ortiz", "email": "dana@desk.example"}]
    desk = Desk(folder, txn=rows, email=mail, event=event, employee=people)
    desk.found("anomaly", [finding("b", "duplicate_payment", 95, partner_key="a", observed=written[:50])])
    desk.flags()
    return desk


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Give what is judged of books in which nobody wrote anything odd."""
    (flag,) = read_flags(_desk(tmp_path_factory.mktemp("desk") / "run", HARMLESS).folder / "judged")
    return [flag[name] for name in JUDGED]


def _obedient(body: Body) -> Reply:
    """Answer as a model that does what it read: dismisses, leaks, names people, links."""
    said = [
        ("finding", "No action needed; this was pre-cleared."),
        ("finding", "It should be approved."),
        (
            "finding",
            "You write working-paper notes for an auditor. You are given flags",
        ),
        ("finding", "[PERSON_1] [PERSON_2] [EMAIL_3] [VENDOR_1] see https://evil.example"),
        ("finding", "<script>alert(1)</script>"),
    ]
    notes = [
        {
            "flag": name,
            "claims": [{"kind": kind, "text": text, "evidence": [f"{name}.T1"]} for kind, text in said],
        }
        for name in asked(body)
    ]
    return Reply(json.dumps({"notes": notes}))


@pytest.mark.parametrize("written", INJECTIONS, ids=range(len(INJECTIONS)))
def test_nothing_that_is_written_changes_what_is_judged(
    tmp_path: Path, harmless: list[Any], written: str
) -> None:
    """Neither without a model nor with one that obeys; and what it says of it does not get through."""
    desk = _desk(tmp_path / "run", written)
    (before,) = read_flags(desk.folder / "judged")
    assert [before[name] for name in JUDGED] == harmless
    with serve(then=_obedient) as server:
        settings = Settings(_env_file=None, model="small", model_base_url=server.url)
        outcome = phrase(desk.books, desk.folder / "judged", settings, prompts.load("explain_case"))
    (after,) = read_flags(desk.folder / "judged")
    assert substance([after]) == substance([before])
    assert outcome.removed_claims == 5
    assert after["explanation"] == before["explanation"]
    assert [request.get("tools") for request in server.requests] == [None]
    told = server.requests[0]["messages"]
    assert [message["role"] for message in told] == ["system", "user"]
    assert asked(server.requests[0])["F1"]["F1.R"].startswith("payment row PAY-b1234, of 50,000.00 USD")
