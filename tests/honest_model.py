"""A model that says only what it was told, and cites it: what Tieout asks is answered as it should be."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.openai_server import Body, Reply, completion


def flag_facts(body: Body) -> dict[str, dict[str, str]]:
    """Give the flags' facts out of a request for explain_case."""
    user = next(message["content"] for message in body["messages"] if message["role"] == "user")
    by_flag: dict[str, dict[str, str]] = json.loads(user[user.index("The flags and their facts:") + 26 :])
    return by_flag


def cite_facts(body: Body) -> Reply:
    """Answer as a model that says only what the facts say, and cites them."""
    notes = [
        {
            "flag": name,
            "claims": [
                {
                    "kind": "finding",
                    "text": f"The desk saw a {facts[f'{name}.R']}.",
                    "evidence": [f"{name}.R"],
                },
                {"kind": "innocent", "text": "It may be proper.", "evidence": [f"{name}.T1"]},
            ],
        }
        for name, facts in flag_facts(body).items()
    ]
    return Reply(json.dumps({"notes": notes}))


def observe(body: Body) -> Reply:
    """Answer as an observer that looks twice, then reports what it saw."""
    offered = [tool["function"]["name"] for tool in body["tools"]]
    turn = sum(message["role"] == "assistant" for message in body["messages"])
    facts = facts_so_far(body)
    forced = isinstance(body.get("tool_choice"), dict)
    lookups = [name for name in offered if name in _LOOKUPS]
    if turn < min(2, len(lookups)) and not forced:
        return Reply("", calls=((lookups[turn], json.dumps(_LOOKUPS[lookups[turn]](facts))),))
    return Reply("", calls=(("report_hypotheses", json.dumps({"hypotheses": hypotheses(facts)})),))


def hypotheses(facts: Mapping[str, str]) -> list[Body]:
    """Give two hypotheses that say only what the facts do."""
    last = [*facts][-1]
    return [
        {
            "cause": "paid_twice",
            "text": f"What was found is {facts['F1.R'].split(', ')[0]}.",
            "confidence": 70,
            "evidence_for": ["F1.R", "F1.T1"],
            "evidence_against": [last],
            "test": "Ask the vendor for a statement of account.",
        },
        {
            "cause": "innocent",
            "text": "Both were owed.",
            "confidence": 20,
            "evidence_for": [last],
            "evidence_against": ["F1.T1"],
            "test": "See whether there are two deliveries.",
        },
    ]


def facts_so_far(body: Body) -> dict[str, str]:
    """Give every fact that an observer was told so far, by id."""
    user = next(message["content"] for message in body["messages"] if message["role"] == "user")
    facts: dict[str, str] = json.loads(user[user.index("{") :])
    for message in body["messages"]:
        if message["role"] == "tool":
            facts |= json.loads(message["content"]).get("facts", {})
    return facts


def _vendor(facts: Mapping[str, str]) -> str:
    row = facts["F1.R"]
    return row.partition(" to ")[2].partition(",")[0] or "nobody"


_LOOKUPS: dict[str, Callable[[Mapping[str, str]], Body]] = {
    "query_ledger": lambda facts: {"vendor": _vendor(facts), "most": 5},
    "find_candidates": lambda _: {"row": "F1.R", "days": 30},
    "profile_vendor": lambda facts: {"vendor": _vendor(facts)},
    "search_documents": lambda facts: {"words": f"{_vendor(facts)} invoice"},
    "find_decisions": lambda facts: {"vendor": _vendor(facts)},
}


def model(body: Body) -> Reply:
    """Answer anything that Tieout asks, honestly: notes, or an observer's next turn."""
    reply = observe(body) if body.get("tools") else cite_facts(body)
    tokens = len(json.dumps([body["messages"], body.get("tools", [])])) // 4
    return replace(reply, usage=(tokens, len(completion(reply, "")) // 4))
