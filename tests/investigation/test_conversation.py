"""An observer's turns: what cannot be done is told to the model, and nothing leaves unmasked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.investigation import conversation, observers
from tools.investigation.conversation import MOST_CALLS, REPORT, after_reply, answered
from tools.investigation.lookups import Bench
from tools.models.endpoint import Message, ModelReply, ToolCall
from tools.models.masking import Mask

BOOKS = observers.by_name("books")
DOCUMENTS = observers.by_name("documents")
READING = {
    "cause": "innocent",
    "text": "Both were owed.",
    "confidence": 40,
    "evidence_for": ["F1.R"],
    "evidence_against": [],
    "test": "See whether there are two deliveries.",
}


def _calling(*calls: tuple[str, Any]) -> Message:
    return {
        "role": "assistant",
        "tool_calls": [
            {
                "id": f"c{n}",
                "function": {
                    "name": name,
                    "arguments": arguments if isinstance(arguments, str) else json.dumps(arguments),
                },
            }
            for n, (name, arguments) in enumerate(calls)
        ],
    }


def _reply(bench: Bench, name: str, arguments: object, mask: Mask | None = None) -> dict[str, Any]:
    (message,), _ = answered(_calling((name, arguments)), BOOKS, bench, mask or Mask(), 0)
    reply: dict[str, Any] = json.loads(message["content"])
    return reply


@pytest.mark.parametrize(
    ("name", "arguments", "why"),
    [
        ("approve_flags", {"decision": "approve"}, "no tool of that name"),
        ("search_documents", {"words": "x"}, "no tool of that name"),
        ("query_ledger", {"sql": "DELETE FROM txn"}, "do not fit: sql"),
        ("query_ledger", "null", "do not fit"),
        ("query_ledger", "[1, 2]", "do not fit"),
        ("query_ledger", '{"vendor": ', "no JSON object"),
        ("find_candidates", {"row": "F7.R"}, "is no row that was shown"),
    ],
)
def test_what_cannot_be_done_is_told(bench: Bench, name: str, arguments: object, why: str) -> None:
    """An unknown tool, one of another observer, arguments that do not fit."""
    assert why in _reply(bench, name, arguments)["error"]


def test_found_facts_get_ids_and_tokens(bench: Bench) -> None:
    """Ids go on counting; names, addresses and accounts are tokens, and tokens work as arguments."""
    mask = Mask([("VENDOR", "Acme Widgets")])
    token = mask.hide("Acme Widgets")
    messages, facts = answered(
        _calling(("query_ledger", {"vendor": token, "most": 2})), BOOKS, bench, mask, 4
    )
    assert [*facts] == ["B5", "B6", "B7"]
    assert facts["B6"] == {
        "kind": "row",
        "key": "p7",
        "text": f"payment row PAY-7 of payments, 8,000.00 USD, on 2025-03-08, to {token}, by [PERSON_3], "
        "invoice INV-7, says: paid into account [ACCOUNT_2]",
    }
    mail, _ = answered(_calling(("search_documents", {"words": "wire"})), DOCUMENTS, bench, Mask(), 0)
    text = json.dumps([messages, mail]).lower()
    secrets = ("acme", "dana", "ortiz", "roberta", "klein", "3704", "12345678", "@")
    assert [secret for secret in secrets if secret in text] == []


def test_a_turn_has_a_limit_of_calls(bench: Bench) -> None:
    """Each is answered, as the protocol wants; those beyond the limit with an error."""
    many = [("query_ledger", {"most": 1})] * (MOST_CALLS + 2)
    messages, _ = answered(_calling(*many), BOOKS, bench, Mask(), 0)
    assert len(messages) == MOST_CALLS + 2
    assert ["error" in json.loads(message["content"]) for message in messages].count(True) == 2


def test_what_comes_back_is_bounded(bench: Bench) -> None:
    """However much fits."""
    calls = [("query_ledger", {"most": 20})] * MOST_CALLS
    messages, _ = answered(_calling(*calls), BOOKS, bench, Mask(), 0)
    assert max(len(message["content"]) for message in messages) < 2 * conversation.MOST_ANSWER


def test_a_report_ends_the_conversation() -> None:
    """Called, or written where the endpoint does not hold a model to its tools."""
    report = json.dumps({"hypotheses": [READING]})
    by_call = after_reply(ModelReply("", calls=(ToolCall("c", REPORT, report),)), 1, 6)
    in_words = after_reply(ModelReply(f"Here it is:\n```json\n{report}\n```"), 1, 6)
    assert by_call["report"] == in_words["report"] == {"hypotheses": [READING]}


@pytest.mark.parametrize(
    "reply",
    [
        ModelReply("I think it was paid twice."),
        ModelReply(""),
        ModelReply("x", flaw="it refused"),
        ModelReply("", calls=(ToolCall("c", REPORT, '{"hypotheses": []}'),)),
        ModelReply("", calls=(ToolCall("c", REPORT, '{"hypotheses": [{'),)),
        ModelReply(
            "", calls=(ToolCall("c", REPORT, json.dumps({"hypotheses": [READING], "severity": "INFO"})),)
        ),
    ],
    ids=["talks", "nothing", "refuses", "empty", "cut off", "more than the schema"],
)
def test_a_turn_that_cannot_be_used_is_said_to_be(reply: ModelReply) -> None:
    """It counts as a turn; the last one ends the observer's part."""
    turn = after_reply(reply, 2, 6)
    assert (turn["report"], turn["invalid"], turn["ended"]) == ({}, 1, "")
    assert "cannot be used" in turn["messages"][-1]["content"]
    assert not conversation.pending(turn["messages"])
    assert after_reply(reply, 6, 6)["ended"] == "no usable report in 6 turns"
