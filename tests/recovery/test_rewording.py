"""A model may put a letter into other words; its figures, and who decides, stay as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import prompts
from tests.clocks import TurnedClock
from tests.openai_server import Body, Reply, serve
from tests.recovery import debts
from tools.core import clock, settings
from tools.recovery import scout
from tools.recovery.letters import rewording, text
from tools.store import Store, open_store, runs
from tools.store.models import Letter, RecoveryEvent
from tools.store.writes import insert_new

ASK = 'Please return this amount by 2026-03-17; the lines marked "owed" were not due.'


@pytest.mark.parametrize(
    ("after", "wrong"),
    [
        ('Kindly send it back by 2026-03-17: the lines that say "owed" were not due.', ""),
        ('Kindly send it back by 2026-03-07: the lines that say "owed" were not due.', "numbers"),
        ('Kindly send all 2 back by 2026-03-17: the lines that say "owed" were not due.', "numbers"),
        ('Kindly send it back by 2026-03-17: the lines that say "due" were not owed.', "quotation"),
        ('Send it by 2026-03-17, or our lawyers write; the lines "owed" were not due.', "lawyers"),
        ('See https://pay.example by 2026-03-17 for the lines "owed" that were not due.', "link"),
        ('By 2026-03-17: "owed".', "shorter"),
    ],
)
def test_figures_and_quoted_words_stay(after: str, wrong: str) -> None:
    """Other numbers, days, quoted words, threats, links, lengths: each is refused by name."""
    why = rewording.why_unsound(ASK, after)
    assert (wrong in why) if wrong else why == ""


def _other_words(body: Body) -> Reply:
    asked = str(body["messages"][-1]["content"]).partition("The paragraphs:\n")[2]
    return Reply(json.dumps({"paragraphs": [f"In other words: {words}" for words in json.loads(asked)]}))


def _with_a_threat(body: Body) -> Reply:
    told = json.loads(_other_words(body).text)["paragraphs"]
    return Reply(json.dumps({"paragraphs": [f"{words} Our lawyers know." for words in told]}))


@pytest.mark.parametrize("honest", [True, False])
def test_a_draft_gets_other_words_where_the_rules_ask_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, honest: bool
) -> None:
    """Prose alone leaves the desk; table, sum and end stay. A threat is refused, and the event says why."""
    for name, value in debts.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    store = _desk(tmp_path)
    before = _letter(store)
    with serve(then=_other_words if honest else _with_a_threat) as server:
        monkeypatch.setenv("TIEOUT_MODEL", "small")
        monkeypatch.setenv("TIEOUT_MODEL_BASE_URL", server.url)
        prompt = prompts.load("reword_letter")
        assert rewording.reword_drafts("r1", prompt) == 0, "the rules do not ask for it"
        (tmp_path / "rules.yaml").write_text("recovery: {reword_letters: true}", encoding="utf-8")
        assert rewording.reword_drafts("r1", prompt) == honest
        sent = json.dumps([request["messages"] for request in server.requests])
    after = _letter(store)
    assert "Ada" not in sent
    assert "1,000.25" not in sent
    assert ("In other words" in after.body) is honest
    for line in [
        line for line in before.body.splitlines() if "1,000.25" in line or "  " in line or "Ada" in line
    ]:
        assert line in after.body
    assert after.template_body == before.body
    with store.read() as session:
        kinds = {
            row.kind: row.details["why"]
            for row in session.scalars(select(RecoveryEvent))
            if "reworded" in row.kind
        }
    assert kinds == (
        {"reworded": ""} if honest else {"not_reworded": "what the template does not say: lawyers"}
    )
    store.close()


def _letter(store: Store) -> Letter:
    with store.read() as session:
        return session.scalars(select(Letter)).one()


def _desk(folder: Path) -> Store:
    (folder / "rules.yaml").write_text("{}", encoding="utf-8")
    store = open_store(settings.load().database_url)
    runs.start(store, graph="recovery", thread_id="r", started_by="riley", run_id="r1")
    draft = debts.claim(1, 100_025)
    with clock.using(TurnedClock(debts.NOON)):
        scout.keep(store, "r1", [draft], debts.RULES)
    item: dict[str, Any] = {
        "role": "owed", "document": "A-100", "due_on": None, "dated_on": "2026-01-12", "note": "P2",
        "reference": "", "amount_minor": 100_025,
    }  # fmt: skip
    written = text.write(text.Facts(
        draft.claim_id, "double_payment", "vendor", "en", 1, 100_025, "USD", [item], "Ada Finch",
        debts.ENTITY, "1 Quay, Port", None, debts.NOON.date(),
    ))  # fmt: skip
    row = {
        "letter_id": "L-1", "claim_id": draft.claim_id, "run_id": "r1", "level": 1, "attempt": 1,
        "language": "en", "recipient": "ada@alder.example", "subject": written.subject, "body": written.body,
        "template_body": written.body, "amount_minor": 100_025, "currency": "USD", "status": "draft",
        "message_id": "<L-1@small.example>", "in_reply_to": "", "headers": {"From": "us@small.example"},
        "approved_by": "", "edited_by": "", "note": "", "doubled": 0, "drafted_at": debts.NOON,
        "approved_at": None, "sent_at": None,
    }  # fmt: skip
    with store.begin() as session:
        insert_new(session, Letter, [row])
    return store
