"""Books in which somebody wrote something odd wherever one can write, and a model that does what it reads."""

from __future__ import annotations

import json
from pathlib import Path

from tests.honest_model import flag_facts
from tests.judgement.desk import Desk, finding
from tests.openai_server import Body, Reply

ORDINARY_TEXT = "Quarterly order of paper and toner"
JUDGED = ("row_key", "severity", "risk", "score", "confidence", "exposure_minor", "role", "family")


def poisoned(folder: Path, text: str) -> Desk:
    """Give judged books in which one text stands in memo, vendor name, mail, calendar and document."""
    row = {
        "kind": "payment",
        "posted_on": "2025-03-03",
        "amount_minor": 5_000_000,
        "person_name": "Dana Ortiz",
    }
    rows = [
        {**row, "row_key": key, "txn_id": f"PAY-{key}1234", "vendor_name": text, "description": text}
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
            "body": text,
        }
    ]
    event = [{"doc_id": "c1", "starts_at": "2025-03-03 10:00:00", "title": text, "attendees": "Dana Ortiz"}]
    people = [{"person_id": "E1", "person_name": "Dana Ortiz", "email": "dana@desk.example"}]
    paper = [
        {
            "doc_id": "PAY-b1234.pdf",
            "title": "PAY-b1234",
            "dated_on": "2025-03-02",
            "text": f"PAY-b1234 {text}",
        }
    ]
    desk = Desk(folder, txn=rows, email=mail, event=event, document=paper, employee=people)
    desk.record("anomaly", [finding("b", "duplicate_payment", 95, partner_key="a", observed=text[:50])])
    desk.flags()
    return desk


def obedient(body: Body) -> Reply:
    """Answer as a model that does what it read: dismisses, leaks, names people, links."""
    claims = [
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
            "claims": [{"kind": kind, "text": text, "evidence": [f"{name}.T1"]} for kind, text in claims],
        }
        for name in flag_facts(body)
    ]
    return Reply(json.dumps({"notes": notes}))
