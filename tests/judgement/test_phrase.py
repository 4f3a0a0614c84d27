"""A model may word a flag; it changes nothing else, and what it cannot prove is removed."""

from __future__ import annotations

import json
import shutil
from typing import Any

import pytest

import prompts
from tests.judgement.desk import Desk, finding
from tests.openai_server import Act, Body, Drip, Drop, Raw, Reply, Script, Status, asked, honest, serve
from tools.judgement.judge import read_flags
from tools.judgement.phrase import WORDING, Phrased, phrase, substance
from tools.settings import Settings

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


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Give a desk with one CRITICAL flag, judged once."""
    desk = Desk(tmp_path_factory.mktemp("desk") / "run", txn=PAID, email=MAIL)
    desk.found(
        "anomaly", [finding("b", "duplicate_payment", 95, partner_key="a", observed="2 equal payments")]
    )
    desk.flags()
    shutil.copytree(desk.folder / "judged", desk.folder / "as_judged")
    return desk


@pytest.fixture
def desk(judged: Desk) -> Desk:
    """Give it as it was judged, before any model."""
    shutil.copy(judged.folder / "as_judged" / "flag.parquet", judged.folder / "judged" / "flag.parquet")
    return judged


def settings_of(url: str, **more: object) -> Settings:
    """Give settings that name the scripted endpoint, and do not wait between tries."""
    given: dict[str, object] = {
        "model": "small",
        "model_base_url": url,
        "model_timeout_seconds": 5.0,
        "model_wait_seconds": 0.01,
    }
    given.update(more)
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]


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


def test_without_a_model_nothing_is_asked_or_changed(desk: Desk) -> None:
    """No model in the settings: the templates stand."""
    before = flag_of(desk)
    assert worded(desk, settings_of("http://127.0.0.1:9", model="")) == Phrased()
    assert flag_of(desk) == before


def test_a_model_changes_the_wording_and_nothing_else(desk: Desk) -> None:
    """Flags with and without a model are equal but for explanation and its metadata."""
    before = flag_of(desk)
    with serve(then=honest) as server:
        outcome = worded(desk, settings_of(server.url))
    after = flag_of(desk)
    assert (outcome.worded, outcome.removed, outcome.degraded) == (1, [], "")
    assert {name for name in before if before[name] != after[name]} <= set(WORDING)
    assert substance([before]) == substance([after])
    first, second, *_ = after["explanation"].splitlines()
    assert first == before["explanation"].splitlines()[0]
    assert second.startswith(
        "The desk saw a payment row T1, of 50,000.00 USD, to Acme Widgets, by Dana Ortiz"
    )
    assert "What would tell:" in after["explanation"]


CLAIMS = [
    ({"kind": "finding", "text": "Paid twice.", "evidence": ["F1.T9"]}, "cites F1.T9, which is not there"),
    ({"kind": "finding", "text": "Paid twice.", "evidence": []}, "cites nothing"),
    ({"kind": "finding", "text": "It cost 51,000.00 USD.", "evidence": ["F1.R"]}, "states 51000"),
    ({"kind": "finding", "text": "Posted on 2025-03-09.", "evidence": ["F1.R"]}, "names the day 2025-03-09"),
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


@pytest.mark.parametrize(("claim", "why"), CLAIMS, ids=[why for _, why in CLAIMS])
def test_a_false_claim_is_removed_and_a_true_one_kept(desk: Desk, claim: dict[str, Any], why: str) -> None:
    """Each claim must cite what is there, and say no figure that does not recompute."""
    true = {"kind": "finding", "text": "The sum of 50,000.00 USD left twice.", "evidence": ["F1.R", "F1.T1"]}
    with serve(saying(true, claim)) as server:
        outcome = worded(desk, settings_of(server.url))
    assert (outcome.kept_claims, outcome.removed_claims) == (1, 1)
    assert outcome.removed[0].startswith(why)
    assert str(claim["text"]) not in flag_of(desk)["explanation"]


def test_when_no_claim_holds_the_template_stands(desk: Desk) -> None:
    """An explanation of nothing but inventions is none."""
    before = flag_of(desk)["explanation"]
    with serve(saying({"kind": "finding", "text": "It cost 7 USD.", "evidence": ["F1.R"]})) as server:
        worded(desk, settings_of(server.url))
    after = flag_of(desk)
    assert (after["explanation"], after["explained_by"]) == (before, "template")
    assert after["explanation_note"] == "template: no claim of the model held"


Fault = tuple[str, tuple[Script, ...], Script, list[str], int]  # then: what answers after the script
GOOD: Script = honest
BAD = Reply("not JSON")
FAULTS: list[Fault] = [
    ("429 with Retry-After", (Status(429, {"Retry-After": "0"}),), GOOD, ["away", "ok"], 1),
    ("500", (Status(500),), GOOD, ["away", "ok"], 1),
    ("dropped connection", (Drop(),), GOOD, ["away", "ok"], 1),
    ("dropped in the middle", (Drop(after=60),), GOOD, ["away", "ok"], 1),
    ("half a body", (Raw(b'{"id": "x", "choices": [{"ind'),), GOOD, ["away", "ok"], 1),
    ("an HTML page", (Raw(b"<html>gateway</html>"),), GOOD, ["away", "ok"], 1),
    ("no choices", (Raw(b'{"id": "x", "object": "chat.completion"}'),), GOOD, ["away", "ok"], 1),
    ("slow stream", (Drip("{}", 0.05),), GOOD, ["away", "ok"], 1),
    ("slow answer", (Reply("{}", after=3.0),), GOOD, ["away", "ok"], 1),
    ("truncated JSON", (Reply('{"notes": [{"flag": "F1", "cla'),), GOOD, ["invalid", "ok"], 1),
    ("cut off by length", (Reply('{"notes": [', finish="length"),), GOOD, ["invalid", "ok"], 1),
    ("wrong schema", (Reply('{"answer": 42}'),), GOOD, ["invalid", "ok"], 1),
    ("more than the schema", (Reply('{"notes": [], "severity": "INFO"}'),), GOOD, ["invalid", "ok"], 1),
    ("refusal", (Reply("", refusal="I will not."),), GOOD, ["invalid", "ok"], 1),
    ("fenced JSON", (lambda body: Reply(f"```json\n{honest(body).text}\n```"),), BAD, ["ok"], 1),
    ("no usage", (lambda body: Reply(honest(body).text, usage=None),), BAD, ["ok"], 1),
    ("away for good", (), Status(503), ["away", "away", "away"], 0),
    ("Retry-After beyond the cap", (Status(429, {"Retry-After": "3600"}),), GOOD, ["away"], 0),
    ("wrong key", (Status(401),), GOOD, ["denied"], 0),
    ("never valid", (), BAD, ["invalid", "invalid", "invalid"], 0),
]


@pytest.mark.parametrize("fault", FAULTS, ids=[name for name, *_ in FAULTS])
def test_every_fault_ends_in_words_or_in_the_template(desk: Desk, fault: Fault) -> None:
    """Whatever the endpoint does, the run goes on; each call and its outcome are kept."""
    _, script, then, calls, reworded = fault
    before = flag_of(desk)
    with serve(*script, then=then) as server:
        outcome = worded(desk, settings_of(server.url, model_timeout_seconds=1.0))
    assert [call["outcome"] for call in outcome.calls] == calls
    assert outcome.worded == reworded
    assert substance([before]) == substance([flag_of(desk)])
    assert bool(outcome.degraded) is (not reworded)


def _by_model(**acts: Act) -> Script:
    def act(body: Body) -> Act:
        return acts.get(body["model"], honest(body))

    return act


def test_the_fallback_takes_over_and_the_dear_model_comes_last(desk: Desk) -> None:
    """Away: the fallback. Never valid: the dear model."""
    with serve(then=_by_model(small=Status(503))) as server:
        outcome = worded(desk, settings_of(server.url, model_fallback="other", model_attempts=1))
    assert [(call["model"], call["outcome"]) for call in outcome.calls] == [
        ("small", "away"),
        ("other", "ok"),
    ]
    with serve(then=_by_model(small=BAD)) as server:
        outcome = worded(desk, settings_of(server.url, model_dear="dear"))
    assert [call["model"] for call in outcome.calls] == ["small", "small", "small", "dear"]


def test_nothing_leaves_that_should_not(desk: Desk) -> None:
    """Names, addresses, accounts and cards of the books and the mail are in no request."""
    with serve(then=honest) as server:
        worded(desk, settings_of(server.url))
    sent = b" ".join(server.raw).decode().casefold()
    secrets = ("acme", "dana", "ortiz", "@", "4012 8888", "1881")
    assert [secret for secret in secrets if secret in sent] == []
    assert asked(server.requests[0])["F1"]["F1.R"] == (
        "payment row T1, of 50,000.00 USD, to [VENDOR_1], by [PERSON_2], posted on 2025-03-04, "
        "exposure 50,000.00 USD"
    )
