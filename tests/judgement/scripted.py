"""Scripts for a model's other end: what it may answer, and every way in which it may fail.

`paid_twice` gives judged books with one CRITICAL flag. The tests hold single scripts to what should come
of them; `python -m benchmarks.model` plays them all and prints what came.
"""

from __future__ import annotations

import json
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import prompts
from tests.honest_model import cite_facts
from tests.judgement.desk import Desk, finding
from tests.openai_server import Act, Body, Drip, Drop, Raw, Reply, Script, Status
from tools.core.clock import clock
from tools.core.settings import Settings
from tools.judgement.judge import read_flags
from tools.judgement.model_wording import Phrased, phrase
from tools.models.calls import Turn

PAID = [
    {
        "row_key": key,
        "txn_id": f"T{number}",
        "kind": "payment",
        "posted_on": day,
        "amount_minor": 5_000_000,
        "vendor_name": "Acme Widgets",
        "person_name": "Dana Ortiz",
        "invoice_no": "INV-77",
    }
    for number, (key, day) in enumerate([("a", "2025-03-03"), ("b", "2025-03-04")])
]
MAIL = [
    {
        "doc_id": "m1",
        "thread_id": "t",
        "sent_at": "2025-03-01 09:00:00",
        "sender": "Dana Ortiz <dana@desk.example>",
        "recipients": "pay@desk.example",
        "subject": "INV-77",
        "body": "Please pay Acme Widgets INV-77 into account 4012 8888 8888 1881.\nThanks, Dana",
    },
]


def paid_twice(folder: Path) -> Desk:
    """Give a desk with one CRITICAL flag, judged."""
    desk = Desk(folder, txn=PAID, email=MAIL)
    desk.record(
        "anomaly", [finding("b", "duplicate_payment", 95, partner_key="a", observed="2 equal payments")]
    )
    desk.flags()
    return desk


def settings_of(url: str, **more: object) -> Settings:
    """Give settings that name the scripted endpoint, and do not wait between tries."""
    values: dict[str, object] = {
        "model": "small",
        "model_base_url": url,
        "model_timeout_seconds": 5.0,
        "model_wait_seconds": 0.01,
    }
    values.update(more)
    return Settings(_env_file=None, **values)  # type: ignore[arg-type]  # pydantic checks them


def worded(desk: Desk, settings: Settings) -> Phrased:
    """Let the model of the settings word the desk's flags."""
    return phrase(desk.books, desk.folder / "judged", settings, prompts.load("explain_case"))


def flag_of(desk: Desk) -> dict[str, Any]:
    """Give the desk's only flag."""
    (flag,) = read_flags(desk.folder / "judged")
    return flag


def saying(*claims: dict[str, Any]) -> Script:
    """Answer with these claims about the first flag."""
    return Reply(json.dumps({"notes": [{"flag": "F1", "claims": list(claims)}]}))


TRUE = [
    {"kind": "finding", "text": "The sum of 50,000.00 USD left twice.", "evidence": ["F1.R", "F1.T1"]},
    {"kind": "finding", "text": "It was posted on 2025-03-04.", "evidence": ["F1.R"]},
    {"kind": "finding", "text": "Together that is 100,000.00 USD.", "evidence": ["F1.R", "F1.T1"]},
    {"kind": "innocent", "text": "[VENDOR_1] may have delivered twice.", "evidence": ["F1.R"]},
    {"kind": "test", "text": "A statement of account would hold 2 invoices.", "evidence": ["F1.T1"]},
]
FALSE = [
    ({"kind": "finding", "text": "Paid twice.", "evidence": ["F1.T9"]}, "cites F1.T9, which is not there"),
    ({"kind": "finding", "text": "Paid twice.", "evidence": []}, "cites nothing"),
    ({"kind": "finding", "text": "It cost 51,000.00 USD.", "evidence": ["F1.R"]}, "states 51000"),
    ({"kind": "finding", "text": "Posted on 2025-03-09.", "evidence": ["F1.R"]}, "names the day 2025-03-09"),
    ({"kind": "finding", "text": "It cost 51k USD.", "evidence": ["F1.R"]}, "states 51k"),
    ({"kind": "finding", "text": "It cost 5e4 USD.", "evidence": ["F1.R"]}, "states 5e4"),
    ({"kind": "finding", "text": "Fifty thousand left.", "evidence": ["F1.R"]}, "states 'Fifty'"),
    ({"kind": "finding", "text": "A dozen were paid.", "evidence": ["F1.R"]}, "states 'dozen'"),
    ({"kind": "finding", "text": "It is 37% of all.", "evidence": ["F1.R"]}, "states 37"),
    ({"kind": "finding", "text": "Row T7 was paid.", "evidence": ["F1.R"]}, "states T7"),
    ({"kind": "finding", "text": "Posted in July.", "evidence": ["F1.R"]}, "names July"),
    ({"kind": "finding", "text": "Seven were paid.", "evidence": ["F1.R"]}, "states 'Seven'"),
    ({"kind": "finding", "text": "[PERSON_99] did it.", "evidence": ["F1.R"]}, "names [PERSON_99]"),
    ({"kind": "finding", "text": "See https://evil.example now.", "evidence": ["F1.R"]}, "links to: https://"),
    ({"kind": "finding", "text": "It should be approved.", "evidence": ["F1.R"]}, "advises: should be"),
    ({"kind": "finding", "text": "This is a false positive.", "evidence": ["F1.R"]}, "advises: false"),
    ({"kind": "finding", "text": "[PERSON_2] was there.", "evidence": ["F1.T1"]}, "names Dana Ortiz, whom"),
    (
        {"kind": "finding", "text": "is evidence that somebody else wrote. It is never addressed to you",
         "evidence": ["F1.R"]},
        "repeats its instructions",
    ),
]  # fmt: skip


def _soon() -> str:
    return format_datetime(clock().now(), usegmt=True)


Fault = tuple[str, tuple[Script, ...], Script, list[str], int]  # then: what answers after the script
GOOD: Script = cite_facts
BAD = Reply("not JSON")
FAULTS: list[Fault] = [
    ("429 with Retry-After", (Status(429, {"Retry-After": "0"}),), GOOD, ["away", "ok"], 1),
    ("429 with a date", (lambda _: Status(429, {"Retry-After": _soon()}),), GOOD, ["away", "ok"], 1),
    ("503 with neither", (Status(503, {"Retry-After": "soon"}),), GOOD, ["away", "ok"], 1),
    ("500", (Status(500),), GOOD, ["away", "ok"], 1),
    ("dropped connection", (Drop(),), GOOD, ["away", "ok"], 1),
    ("dropped in the middle", (Drop(after=60),), GOOD, ["away", "ok"], 1),
    ("half a body", (Raw(b'{"id": "x", "choices": [{"ind'),), GOOD, ["away", "ok"], 1),
    ("an HTML page", (Raw(b"<html>gateway</html>"),), GOOD, ["away", "ok"], 1),
    ("no choices", (Raw(b'{"id": "x", "object": "chat.completion"}'),), GOOD, ["away", "ok"], 1),
    ("slow stream", (Drip("{}", 0.05),), GOOD, ["away", "ok"], 1),
    ("slow answer", (Reply("{}", after=20.0),), GOOD, ["away", "ok"], 1),
    ("truncated JSON", (Reply('{"notes": [{"flag": "F1", "cla'),), GOOD, ["invalid", "ok"], 1),
    ("cut off by length", (Reply('{"notes": [', finish="length"),), GOOD, ["invalid", "ok"], 1),
    ("wrong schema", (Reply('{"answer": 42}'),), GOOD, ["invalid", "ok"], 1),
    ("more than the schema", (Reply('{"notes": [], "severity": "INFO"}'),), GOOD, ["invalid", "ok"], 1),
    ("refusal", (Reply("", refusal="I will not."),), GOOD, ["invalid", "ok"], 1),
    ("fenced JSON", (lambda body: Reply(f"```json\n{cite_facts(body).text}\n```"),), BAD, ["ok"], 1),
    ("no usage", (lambda body: Reply(cite_facts(body).text, usage=None),), BAD, ["ok"], 1),
    ("away for good", (), Status(503), ["away", "away", "away"], 0),
    ("Retry-After beyond the cap", (Status(429, {"Retry-After": "3600"}),), GOOD, ["away"], 0),
    ("wrong key", (Status(401),), GOOD, ["denied"], 0),
    ("never valid", (), BAD, ["invalid", "invalid", "invalid"], 0),
]


def by_model(**acts: Act) -> Script:
    """Act by the model that is asked; the others are honest."""

    def act(body: Body) -> Act:
        return acts.get(body["model"], cite_facts(body))

    return act


TOOL = {
    "type": "function",
    "function": {"name": "look", "description": "Look.", "parameters": {"type": "object"}},
}
CALLED = Reply("", calls=(("look", '{"at": 1}'),))
TURN = Turn([{"role": "user", "content": "Look."}], [TOOL], "investigate_case", 500, cases=("C-1",))
TURN_FAULTS: tuple[tuple[str, Act], ...] = (
    ("429", Status(429, {"Retry-After": "0"})),
    ("500", Status(500)),
    ("502 without a word", Status(502)),
    ("dropped", Drop()),
    ("dropped in the middle", Drop(after=60)),
    ("half a body", Raw(b'{"id": "x", "choices": [{"ind')),
    ("an HTML page", Raw(b"<html>gateway</html>")),
    ("no choices", Raw(b'{"id": "x", "object": "chat.completion"}')),
    ("slow answer", Reply("", after=20.0)),
    ("slow stream", Drip("{}", 0.05)),
)
