"""Approval UIs answer over HTTP as they do: Agent Inbox one action at a time, the others all in order.

The bodies are those that the UIs send: Agent Inbox's are in contexts/ThreadContext.tsx and
hooks/use-interrupted-actions.tsx of langchain-ai/agent-inbox, Agent Chat UI's in its agent-inbox components.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests import http
from tests.graph.small import TOKENS
from tests.server.served import Served, until
from tests.server.waiting_run import WaitingRun, start_waiting_run

INBOX = "https://dev.agentinbox.ai"


def _send(waiting_run: WaitingRun, path: str, user: str, body: dict[str, Any]) -> httpx.Response:
    """Send as a UI does: from its own site, with the token as the SDK's API key."""
    headers = {"X-Api-Key": TOKENS[user], "Origin": INBOX}
    return http.post(f"{waiting_run.served.url}{path}", json=body, headers=headers, timeout=120)


def _inbox(waiting_run: WaitingRun, user: str, kind: str, args: object) -> None:
    """Answer in Agent Inbox's words for the shape that we ask in."""
    resume = {"decisions": [{"type": kind, "args": args}]}
    body = {"assistant_id": "audit", "command": {"resume": resume}}
    if kind == "ignore":
        assert _send(waiting_run, f"/threads/{waiting_run.thread_id}/runs", user, body).status_code == 200
        until(waiting_run.served, waiting_run.thread_id, "interrupted", "idle", token=TOKENS["riley"])
    else:
        streamed = _send(
            waiting_run,
            f"/threads/{waiting_run.thread_id}/runs/stream",
            user,
            {**body, "stream_mode": "events"},
        )
        assert streamed.status_code == 200
        assert "event: error" not in streamed.text


def _first_action(waiting_run: WaitingRun, user: str) -> dict[str, Any]:
    """Find the waiting thread as Agent Inbox lists it; give the action that it shows, the first."""
    search = {"offset": 0, "limit": 100, "status": "interrupted", "metadata": {"graph_id": "audit"}}
    listed = _send(waiting_run, "/threads/search", user, search).json()
    (thread,) = [thread for thread in listed if thread["thread_id"] == waiting_run.thread_id]
    ((interrupt,),) = thread["interrupts"].values()
    action = interrupt["value"]["action_requests"][0]
    return {"action": action["name"], "args": action["args"]}


def _votes(waiting_run: WaitingRun) -> set[tuple[str, str, str]]:
    return {(by, subject, verdict) for by, subject, verdict in waiting_run.records()["decisions"]}


def test_agent_inbox_decides_one_subject_after_another(served: Served) -> None:
    """Each answer is recorded for the subject that was shown, and the next one is asked."""
    waiting_run = start_waiting_run(served, "riley", "Inbox Ltd")
    first = _first_action(waiting_run, "dana")
    _inbox(waiting_run, "dana", "approve", first)
    assert _votes(waiting_run) == {("dana", first["args"]["subject"], "approve")}
    assert waiting_run.records()["run"][0] == "waiting"
    _inbox(waiting_run, "omar", "approve", _first_action(waiting_run, "omar"))
    rest = _first_action(waiting_run, "omar")
    assert rest["args"]["subject"] != first["args"]["subject"]
    _inbox(waiting_run, "omar", "reject", "known to us")
    assert ("omar", rest["args"]["subject"], "reject") in _votes(waiting_run)
    assert (
        waiting_run.interrupts() == []
        or waiting_run.interrupts()[0]["value"]["action_requests"][0]["args"] != rest["args"]
    )


@pytest.mark.exhaustive
def test_agent_inbox_skips_and_edits(served: Served) -> None:
    """Its ignore leaves the first subject undecided; its edit hands all fields back, one of them changed."""
    waiting_run = start_waiting_run(served, "riley", "Editors Ltd")
    first = _first_action(waiting_run, "dana")
    _inbox(waiting_run, "dana", "ignore", None)
    assert _votes(waiting_run) == {("dana", first["args"]["subject"], "skip")}
    last = waiting_run.interrupts()[0]["value"]["action_requests"][-1]
    edited = {**{name: str(value) for name, value in last["args"].items()}, "severity": "info"}
    _inbox(waiting_run, "omar", "edit", {"action": last["name"], "args": edited})
    assert ("omar", last["args"]["subject"], "modify") in _votes(waiting_run)


def test_an_approval_of_what_is_settled_decides_nothing_else(served: Served) -> None:
    """A window that was left open names the subject that it showed, not the one that is first by now."""
    waiting_run = start_waiting_run(served, "riley", "Stale Ltd")
    stale = _first_action(waiting_run, "omar")
    for user in ("dana", "omar"):
        _inbox(waiting_run, user, "approve", stale)
    settled = _votes(waiting_run)
    _inbox(waiting_run, "omar", "approve", stale)
    assert _votes(waiting_run) == settled


@pytest.mark.parametrize("ui", ["Agent Chat UI", "Studio"])
def test_all_actions_are_answered_in_order(served: Served, ui: str) -> None:
    """Agent Chat UI answers the thread with an empty input beside it, Studio the interrupt by its id."""
    waiting_run = start_waiting_run(served, "riley", f"{ui} Ltd")
    (question,) = waiting_run.interrupts()
    actions = question["value"]["action_requests"]
    edited = {"name": actions[-1]["name"], "args": {**actions[-1]["args"], "severity": "INFO"}}
    decisions: list[dict[str, Any]] = [{"type": "approve"} for _ in actions[:-1]]
    decisions.append({"type": "edit", "edited_action": edited})
    resume: dict[str, Any] = {"decisions": decisions}
    body: dict[str, Any] = {"assistant_id": "audit", "stream_mode": ["values", "messages-tuple", "custom"]}
    if ui == "Studio":
        body |= {"command": {"resume": {question["id"]: resume}}, "config": {"recursion_limit": 100}}
    else:
        body |= {"input": {}, "command": {"resume": resume}, "stream_resumable": True}
    answer = _send(waiting_run, f"/threads/{waiting_run.thread_id}/runs/stream", "dana", body)
    assert (answer.status_code, "event: error" in answer.text) == (200, False)
    verdicts = {subject: verdict for _, subject, verdict in _votes(waiting_run)}
    subjects = [action["args"]["subject"] for action in actions]
    assert verdicts == dict(zip(subjects, ["approve"] * (len(subjects) - 1) + ["modify"], strict=True))


def test_their_sites_may_call_with_a_key(served: Served) -> None:
    """A browser that asks may send X-Api-Key from another site; without a token nothing is read."""
    headers = {
        "Origin": INBOX,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-api-key",
    }
    preflight = http.options(f"{served.url}/threads/search", headers=headers)
    assert preflight.status_code == 200
    assert "x-api-key" in preflight.headers["access-control-allow-headers"]
    bare = http.post(f"{served.url}/threads/search", json={}, headers={"Origin": INBOX})
    assert bare.status_code == 401
    key = {"X-Api-Key": "lsv2_pt_of_langsmith"}
    assert http.post(f"{served.url}/threads/search", json={}, headers=key).status_code == 200
