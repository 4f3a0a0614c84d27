"""One observer's turns: what it is told, what it asks of the desk, what it reports."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
from pydantic import BaseModel, ValidationError

from tools.investigation import lookups
from tools.investigation.casefile import Fact
from tools.investigation.hypotheses import Report
from tools.investigation.lookups import AskError, Bench, LookupResult
from tools.investigation.observers import Observer
from tools.judgement.flag_facts import names_in
from tools.models.endpoint import Message, ModelReply, Tool, ToolCall
from tools.models.masking import Mask
from tools.models.model import problem_of

REPORT = "report_hypotheses"
_LETTERS = frozenset({"email", "calendar", "document"})
MOST_CALLS = 4  # of one turn
MOST_TEXT = 400  # characters of one fact
MOST_ANSWER = 4000  # characters of one answer of a tool


def tools_of(observer: Observer) -> list[Tool]:
    """Give the tools that an observer may call, as the endpoint wants them."""
    offered = [lookups.by_name(name) for name in observer.lookups]
    lookup_tools = [
        _tool(lookup.name, lookup.arguments.__doc__ or "", lookup.arguments) for lookup in offered
    ]
    return [*lookup_tools, _tool(REPORT, "Report what you conclude; this ends your part.", Report)]


def after_reply(reply: ModelReply, steps: int, turns: int) -> dict[str, Any]:
    """Take a model's turn: messages to add, and report, invalid (0 or 1) and ended as it calls for.

    steps: turns taken, this one included. Another tool's calls wait in the last message for `answered`.
    """
    calls = reply.calls or _written_report(reply.text)
    report, problem = _report(calls) if not reply.flaw else (None, reply.flaw)
    spoken = _spoken(reply, calls)
    if report is not None:
        return {"messages": [spoken], "report": report.model_dump(), "invalid": 0, "ended": ""}
    ended = f"no usable report in {turns} turns" if steps >= turns else ""
    if not problem and calls:
        return {"messages": [spoken], "report": {}, "invalid": 0, "ended": ended}
    wrong = f"That turn cannot be used ({problem or 'no tool was called'}). Call one of the tools."
    replies = [_answer(call.id, {"error": wrong}) for call in calls] or [{"role": "user", "content": wrong}]
    return {"messages": [spoken, *replies], "report": {}, "invalid": 1, "ended": ended}


def answered(
    pending: Message, observer: Observer, bench: Bench, mask: Mask, number: int
) -> tuple[list[Message], dict[str, Fact]]:
    """Do what the calls of a message ask: messages with what was found, and the new facts by id.

    number: of facts that this observer found before. What cannot be done is told to the model.
    """
    messages, facts = [], dict[str, Fact]()
    for place, call in enumerate(pending["tool_calls"]):
        if place >= MOST_CALLS:
            messages.append(_answer(call["id"], {"error": f"at most {MOST_CALLS} calls a turn"}))
            continue
        try:
            findings = _lookup_results(call["function"], observer, bench, mask)
        except AskError as error:
            messages.append(_answer(call["id"], {"error": mask.hide(str(error))}))
            continue
        mask.learn(names_in(bench.books, (finding.text for finding in findings)))
        shown_facts = _facts(findings, observer.letter, number + len(facts), mask)
        facts |= shown_facts
        shown = {name: fact["text"] for name, fact in shown_facts.items()}
        messages.append(_answer(call["id"], {"facts": shown} if shown else {"facts": {}, "note": "nothing"}))
    return messages, facts


def calls_shown(asking: Message, mask: Mask, rows: Mapping[str, str]) -> list[dict[str, Any]]:
    """Give a message's calls as the desk can do them again: names for tokens, keys for ids of rows.

    rows: id of a fact -> row_key. Gives {lookup, asked} of each.
    """
    calls = [call["function"] for call in asking["tool_calls"][:MOST_CALLS]]
    return [
        {"lookup": call["name"], "asked": _with_keys(call["arguments"], mask, rows)}
        for call in calls
        if call["name"] in {lookup.name for lookup in lookups.LOOKUPS}
    ]


def pending(messages: Sequence[Message]) -> bool:
    """Say whether the last message asks for tools."""
    return bool(messages and messages[-1].get("tool_calls"))


def _lookup_results(
    function: Mapping[str, str], observer: Observer, bench: Bench, mask: Mask
) -> list[LookupResult]:
    if function["name"] not in observer.lookups:
        raise AskError(f"there is no tool of that name; there are {', '.join(observer.lookups)}")
    lookup = lookups.by_name(function["name"])
    try:
        arguments = json.loads(function["arguments"], parse_float=Decimal)
        query = lookup.arguments.model_validate(_unmasked(arguments, mask))
    except ValidationError as error:
        raise AskError(f"these arguments do not fit: {problem_of(error)}") from None
    except ValueError:
        raise AskError("the arguments are no JSON object") from None
    try:
        return list(lookup.look(bench, query))
    except (duckdb.Error, pa.ArrowException, OverflowError):
        raise AskError("the books could not answer that") from None


def _unmasked(arguments: object, mask: Mask) -> object:
    """Put names in place of tokens: the books know no tokens."""
    if isinstance(arguments, Mapping):
        return {
            name: mask.show(value) if isinstance(value, str) else value for name, value in arguments.items()
        }
    return arguments


def _with_keys(arguments: str, mask: Mask, rows: Mapping[str, str]) -> dict[str, Any]:
    plain = _unmasked(json.loads(arguments) or {}, mask)
    if not isinstance(plain, Mapping):
        return {}
    return {name: rows.get(value, value) if name == "row" else value for name, value in plain.items()}


def _facts(findings: Sequence[LookupResult], letter: str, before: int, mask: Mask) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    room = MOST_ANSWER
    for number, finding in enumerate(findings, start=before + 1):
        text = mask.hide(" ".join(finding.text.split()), letter=finding.kind in _LETTERS)[:MOST_TEXT]
        room -= len(text)
        if room < 0:
            break
        facts[f"{letter}{number}"] = {"kind": finding.kind, "key": finding.key, "text": text}
    return facts


def _report(calls: Sequence[ToolCall]) -> tuple[Report | None, str]:
    """Give the report that is among the calls, or what is wrong with it."""
    for call in calls:
        if call.name == REPORT:
            try:
                return Report.model_validate_json(call.arguments), ""
            except ValidationError as error:
                return None, problem_of(error)
    return None, ""


def _written_report(text: str) -> tuple[ToolCall, ...]:
    """Take a report that was written instead of called: not every endpoint holds a model to its tools."""
    start, end = text.find("{"), text.rfind("}")
    written = text[start : end + 1]
    return (ToolCall("written", REPORT, written),) if '"hypotheses"' in written else ()


def _spoken(reply: ModelReply, calls: Sequence[ToolCall]) -> Message:
    message: Message = {"role": "assistant", "content": reply.text[:MOST_ANSWER]}
    if calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": _well_formed(call.arguments)},
            }
            for call in calls
        ]
    elif not message["content"]:
        message["content"] = "(nothing)"
    return message


def _well_formed(arguments: str) -> str:
    """Give JSON that the endpoint takes back: what was not well formed comes back as null."""
    try:
        return json.dumps(json.loads(arguments))
    except ValueError:
        return "null"


def _answer(call_id: str, content: Mapping[str, Any]) -> Message:
    return {"role": "tool", "tool_call_id": call_id, "content": json.dumps(content, ensure_ascii=False)}


def _tool(name: str, description: str, arguments: type[BaseModel]) -> Tool:
    parameters = arguments.model_json_schema()
    parameters.pop("description", None)
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": parameters},
    }
