"""Approval UIs answer over HTTP as they do: Agent Inbox one action at a time, the others all in order.

The bodies are those that the UIs send: Agent Inbox's are in contexts/ThreadContext.tsx and
hooks/use-interrupted-actions.tsx of langchain-ai/agent-inbox, Agent Chat UI's in its agent-inbox components.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.graph.small import TOKENS
from tests.server.scene import Scene, waiting
from tests.server.served import Served, until

INBOX = "https://dev.agentinbox.ai"


def _send(scene: Scene, path: str, user: str, body: dict[str, Any]) -> httpx.Response:
    """Send as a UI does: from its own site, with the token as the SDK's API key."""
    headers = {"X-Api-Key": TOKENS[user], "Origin": INBOX}
    return httpx.post(f"{scene.served.url}{path}", json=body, headers=headers, timeout=120)


def _inbox(scene: Scene, user: str, kind: str, args: object) -> None:
    """Answer in Agent Inbox's words for the shape that we ask in."""
    resume = {"decisions": [{"type": kind, "args": args}]}
    body = {"assistant_id": "audit", "command": {"resume": resume}}
    if kind == "ignore":
        assert _send(scene, f"/threads/{scene.thread_id}/runs", user, body).status_code == 200
        until(scene.served, scene.thread_id, "interrupted", "idle", token=TOKENS["riley"])
    else:
        streamed = _send(
            scene, f"/threads/{scene.thread_id}/runs/stream", user, {**body, "stream_mode": "events"}
        )
        assert streamed.status_code == 200
        assert "event: error" not in streamed.text


def _shown(scene: Scene, user: str) -> dict[str, Any]:
    """Find the waiting thread as Agent Inbox lists it; give the action that it shows, the first."""
    search = {"offset": 0, "limit": 100, "status": "interrupted", "metadata": {"graph_id": "audit"}}
    listed = _send(scene, "/threads/search", user, search).json()
    (thread,) = [thread for thread in listed if thread["thread_id"] == scene.thread_id]
    ((interrupt,),) = thread["interrupts"].values()
    action = interrupt["value"]["action_requests"][0]
    return {"action": action["name"], "args": action["args"]}


def _words(scene: Scene) -> set[tuple[str, str, str]]:
    return {(by, subject, verdict) for by, subject, verdict in scene.recorded()["decisions"]}


def test_agent_inbox_decides_one_subject_after_another(served: Served) -> None:
    """Each answer is recorded for the subject that was shown, and the next one is asked."""
    scene = waiting(served, "riley", "Inbox Ltd")
    first = _shown(scene, "dana")
    _inbox(scene, "dana", "approve", first)
    assert _words(scene) == {("dana", first["args"]["subject"], "approve")}
    assert scene.recorded()["run"][0] == "waiting"
    _inbox(scene, "omar", "approve", _shown(scene, "omar"))
    rest = _shown(scene, "omar")
    assert rest["args"]["subject"] != first["args"]["subject"]
    _inbox(scene, "omar", "reject", "known to us")
    assert ("omar", rest["args"]["subject"], "reject") in _words(scene)
    assert scene.asked() == [] or scene.asked()[0]["value"]["action_requests"][0]["args"] != rest["args"]


def test_agent_inbox_skips_and_edits(served: Served) -> None:
    """Its ignore leaves the first subject undecided; its edit hands all fields back, one of them changed."""
    scene = waiting(served, "riley", "Editors Ltd")
    first = _shown(scene, "dana")
    _inbox(scene, "dana", "ignore", None)
    assert _words(scene) == {("dana", first["args"]["subject"], "skip")}
    last = scene.asked()[0]["value"]["action_requests"][-1]
    edited = {**{name: str(value) for name, value in last["args"].items()}, "severity": "info"}
    _inbox(scene, "omar", "edit", {"action": last["name"], "args": edited})
    assert ("omar", last["args"]["subject"], "modify") in _words(scene)


def test_an_approval_of_what_is_settled_decides_nothing_else(served: Served) -> None:
    """A window that was left open names the subject that it showed, not the one that is first by now."""
    scene = waiting(served, "riley", "Stale Ltd")
    stale = _shown(scene, "omar")
    for user in ("dana", "omar"):
        _inbox(scene, user, "approve", stale)
    settled = _words(scene)
    _inbox(scene, "omar", "approve", stale)
    assert _words(scene) == settled


@pytest.mark.parametrize("ui", ["Agent Chat UI", "Studio"])
def test_all_actions_are_answered_in_order(served: Served, ui: str) -> None:
    """Agent Chat UI answers the thread with an empty input beside it, Studio the interrupt by its id."""
    scene = waiting(served, "riley", f"{ui} Ltd")
    (asked,) = scene.asked()
    actions = asked["value"]["action_requests"]
    edited = {"name": actions[-1]["name"], "args": {**actions[-1]["args"], "severity": "INFO"}}
    decisions: list[dict[str, Any]] = [{"type": "approve"} for _ in actions[:-1]]
    decisions.append({"type": "edit", "edited_action": edited})
    resume: dict[str, Any] = {"decisions": decisions}
    body: dict[str, Any] = {"assistant_id": "audit", "stream_mode": ["values", "messages-tuple", "custom"]}
    if ui == "Studio":
        body |= {"command": {"resume": {asked["id"]: resume}}, "config": {"recursion_limit": 100}}
    else:
        body |= {"input": {}, "command": {"resume": resume}, "stream_resumable": True}
    answer = _send(scene, f"/threads/{scene.thread_id}/runs/stream", "dana", body)
    assert (answer.status_code, "event: error" in answer.text) == (200, False)
    verdicts = {subject: verdict for _, subject, verdict in _words(scene)}
    subjects = [action["args"]["subject"] for action in actions]
    assert verdicts == dict(zip(subjects, ["approve"] * (len(subjects) - 1) + ["modify"], strict=True))


def test_their_sites_may_call_with_a_key(served: Served) -> None:
    """A browser that asks may send X-Api-Key from another site; without a token nothing is read."""
    asked = {
        "Origin": INBOX,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-api-key",
    }
    preflight = httpx.options(f"{served.url}/threads/search", headers=asked)
    assert preflight.status_code == 200
    assert "x-api-key" in preflight.headers["access-control-allow-headers"]
    bare = httpx.post(f"{served.url}/threads/search", json={}, headers={"Origin": INBOX})
    assert bare.status_code == 401
    key = {"X-Api-Key": "lsv2_pt_of_langsmith"}
    assert httpx.post(f"{served.url}/threads/search", json={}, headers=key).status_code == 200
