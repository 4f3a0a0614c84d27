"""Ways to forge an approval, to steer a run, or to reach what is another's: each a request that is refused.

docs/security.md lists them; a test holds the two together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from tests import http
from tests.server import jwts
from tests.server.waiting_run import UNKNOWN_ID, WaitingRun

Attempt = Callable[[WaitingRun], httpx.Response]
_STATE = {"values": {"outcome": "clean", "answers": {}}}
_ALL = {"type": "approve"}


@dataclass(frozen=True)
class Attack:
    """One way: what is tried, what comes back, and the request."""

    title: str
    expected: str
    attempt: Attempt


def _command(target: WaitingRun, user: str, interrupt: str) -> httpx.Response:
    params = {"namespace": [], "interrupt_id": interrupt, "response": {"decisions": target.approval}}
    command = {"id": 1, "method": "input.respond", "params": params}
    return target.send("POST", "/threads/THREAD/commands", user, json=command)


def _bearer(token: Callable[[], str]) -> Attempt:
    return lambda target: target.send("POST", "/threads/search", token(), json={})


def _configured(**configurable: object) -> Attempt:
    return lambda target: target.answer("riley", target.approval, config={"configurable": configurable})


STATE: tuple[Attack, ...] = (
    Attack(
        "write state as its owner",
        "403",
        lambda s: s.send("POST", "/threads/THREAD/state", "riley", json=_STATE),
    ),
    Attack(
        "write state in a node's name, `as_node`",
        "403",
        lambda s: s.send(
            "POST", "/threads/THREAD/state", "omar", json={**_STATE, "as_node": "apply_decisions"}
        ),
    ),
    Attack(
        "write state as an admin",
        "403",
        lambda s: s.send("POST", "/threads/THREAD/state", "alma", json={**_STATE, "as_node": "close_run"}),
    ),
    Attack(
        "make a thread with state in it, `supersteps`",
        "problems updating the state",
        lambda s: s.send(
            "POST",
            "/threads",
            "riley",
            json={"supersteps": [{"updates": [{"values": _STATE["values"], "as_node": "close_run"}]}]},
        ),
    ),
    Attack(
        "name a waiting run's thread anew, with state in it",
        "409",
        lambda s: s.send(
            "POST",
            "/threads",
            "riley",
            json={
                "thread_id": s.thread_id,
                "supersteps": [{"updates": [{"values": {}, "as_node": "close_run"}]}],
            },
        ),
    ),
    Attack("`command.update`", "403", lambda s: s.run("omar", command={"update": {"outcome": "clean"}})),
    Attack("`command.goto` a node", "403", lambda s: s.run("omar", command={"goto": "close_run"})),
    Attack(
        "`command.goto` with state, `Send`",
        "403",
        lambda s: s.run("alma", command={"goto": {"node": "apply_decisions", "input": {"answers": {}}}}),
    ),
    Attack(
        "a resume that also jumps",
        "403",
        lambda s: s.run("omar", command={"resume": {"decisions": []}, "goto": "close_run"}),
    ),
    Attack(
        "answers in the input",
        "403",
        lambda s: s.run("riley", input={"sources": "x.yaml", "answered": [{"by": "dana"}]}),
    ),
    Attack(
        "another starter in the input",
        "403",
        lambda s: s.run("riley", input={"sources": "x.yaml", "started_by": "kim"}),
    ),
    Attack(
        "go on from an old checkpoint",
        "403",
        lambda s: s.run("omar", input=None, checkpoint={"checkpoint_id": UNKNOWN_ID, "checkpoint_ns": ""}),
    ),
    Attack(
        "read an old checkpoint of another's thread",
        "404",
        lambda s: s.send(
            "POST",
            "/threads/THREAD/state/checkpoint",
            "kim",
            json={"checkpoint": {"checkpoint_id": UNKNOWN_ID}},
        ),
    ),
    Attack("copy the thread", "403", lambda s: s.send("POST", "/threads/THREAD/copy", "riley")),
    Attack("copy the thread as an approver", "403", lambda s: s.send("POST", "/threads/THREAD/copy", "omar")),
    Attack(
        "call a webhook with the result",
        "403",
        lambda s: s.run("riley", input=None, webhook="https://8.8.8.8/x"),
    ),
    Attack(
        "an assistant with configuration of one's own",
        "403",
        lambda s: s.send(
            "POST",
            "/assistants",
            "alma",
            json={"graph_id": "audit", "config": {"configurable": {"token": "token-dana"}}},
        ),
    ),
    Attack(
        "the other graph on the thread",
        "403",
        lambda s: s.send(
            "POST", "/threads/THREAD/runs/wait", "riley", json={"assistant_id": "feedback", "input": {}}
        ),
    ),
    Attack(
        "decisions in the other graph's input",
        "403",
        lambda s: s.send(
            "POST",
            "/runs/wait",
            "omar",
            json={"assistant_id": "feedback", "input": {"answered": [{"by": "dana"}]}},
        ),
    ),
    Attack(
        "a graph that is not, on the thread",
        "422",
        lambda s: s.send(
            "POST", "/threads/THREAD/runs/wait", "riley", json={"assistant_id": "other", "input": {}}
        ),
    ),
    Attack(
        "write the Server's key-value store",
        "404",
        lambda s: s.send("PUT", "/store/items", "alma", json={"namespace": ["a"], "key": "k", "value": {}}),
    ),
    Attack("call the graph over MCP", "404", lambda s: s.send("POST", "/mcp", "omar", json={})),
    Attack("call the graph over A2A", "404", lambda s: s.send("POST", f"/a2a/{UNKNOWN_ID}", "omar", json={})),
    Attack("wipe all threads, `/internal/truncate`", "404", lambda s: s.send("POST", "/internal/truncate")),
    Attack(
        "dump a thread, `/internal/debug`", "404", lambda s: s.send("GET", "/internal/debug/thread/THREAD")
    ),
    Attack("the same, spelt otherwise", "404", lambda s: s.send("GET", "//internal/./debug/thread/THREAD")),
    Attack("have the project deployed", "404", lambda s: s.send("POST", "/deploy", "alma", json={})),
)


def _elsewhere(target: WaitingRun) -> httpx.Response:
    thread_id = target.send("POST", "/threads", "omar", json={}).json()["thread_id"]
    body = {"assistant_id": "audit", "command": {"resume": {"decisions": target.approval}}}
    return target.send("POST", f"/threads/{thread_id}/runs/wait", "omar", json=body)


ANSWERS: tuple[Attack, ...] = (
    Attack("answer without signing in", "403", lambda s: s.answer("", s.approval)),
    Attack("answer as an auditor", "403", lambda s: s.answer("riley", s.approval)),
    Attack("answer as a viewer", "403", lambda s: s.answer("vera", s.approval)),
    Attack("answer an interrupt that is not", "403", lambda s: s.answer("omar", s.approval, UNKNOWN_ID)),
    Attack(
        "answer two interrupts at once",
        "403",
        lambda s: s.run("omar", command={"resume": {s.interrupt: [_ALL], UNKNOWN_ID: [_ALL]}}),
    ),
    Attack(
        "answer over the streaming protocol, as an auditor",
        "error",
        lambda s: _command(s, "kim", s.interrupt),
    ),
    Attack("answer there an interrupt that is not", "error", lambda s: _command(s, "omar", UNKNOWN_ID)),
    Attack(
        "push another's answer out of the queue",
        "403",
        lambda s: s.answer("omar", s.approval, multitask_strategy="rollback"),
    ),
    Attack(
        "say `by` in the answer",
        "403",
        lambda s: s.answer("riley", [{**decision, "by": "dana"} for decision in s.approval]),
    ),
    Attack(
        "`langgraph_auth_user` in the configuration",
        "403",
        _configured(langgraph_auth_user={"identity": "dana"}),
    ),
    Attack("`langgraph_auth_permissions` there", "403", _configured(langgraph_auth_permissions=["approver"])),
    Attack("`user_id` there", "403", _configured(user_id="dana")),
    Attack("another's token there", "403", _configured(token="token-dana")),
    Attack("LangGraph's own resume map there", "403", _configured(__pregel_resume_map={UNKNOWN_ID: [_ALL]})),
    Attack(
        "another's token in the context",
        "403",
        lambda s: s.answer("riley", s.approval, context={"token": "token-dana"}),
    ),
    Attack(
        "another's token in the context, as an approver",
        "403",
        lambda s: s.answer("omar", s.approval, context={"token": "token-dana"}),
    ),
    Attack("answer a thread that asks nothing", "403", _elsewhere),
    Attack(
        "answer without a thread",
        "400",
        lambda s: s.send(
            "POST", "/runs/wait", "omar", json={"assistant_id": "audit", "command": {"resume": [_ALL]}}
        ),
    ),
    Attack(
        "have a schedule answer",
        "403",
        lambda s: s.send(
            "POST",
            "/threads/THREAD/runs/crons",
            "alma",
            json={"assistant_id": "audit", "schedule": "* * * * *", "command": {"resume": [_ALL]}},
        ),
    ),
    Attack(
        "a schedule of one's own",
        "403",
        lambda s: s.send(
            "POST",
            "/runs/crons",
            "omar",
            json={"assistant_id": "audit", "schedule": "* * * * *", "input": {}},
        ),
    ),
)


THREADS: tuple[Attack, ...] = (
    Attack("read another's thread", "404", lambda s: s.send("GET", "/threads/THREAD", "kim")),
    Attack("read its state", "404", lambda s: s.send("GET", "/threads/THREAD/state", "kim")),
    Attack("read its state without a token", "404", lambda s: s.send("GET", "/threads/THREAD/state")),
    Attack("read its history", "404", lambda s: s.send("POST", "/threads/THREAD/history", "kim", json={})),
    Attack("find it", "[]", lambda s: s.send("POST", "/threads/search", "kim", json={"ids": [s.thread_id]})),
    Attack("list its runs", "404", lambda s: s.send("GET", "/threads/THREAD/runs", "kim")),
    Attack("go on with it", "403", lambda s: s.run("kim", input=None)),
    Attack("start anew on it", "403", lambda s: s.run("kim", input={"sources": "x.yaml"})),
    Attack("start anew on it as an approver", "403", lambda s: s.run("omar", input={"sources": "x.yaml"})),
    Attack(
        "name it as one's own",
        "403",
        lambda s: s.send(
            "POST", "/threads", "kim", json={"thread_id": s.thread_id, "if_exists": "do_nothing"}
        ),
    ),
    Attack(
        "take it over, `metadata.owner`",
        "403",
        lambda s: s.send("PATCH", "/threads/THREAD", "kim", json={"metadata": {"owner": "kim"}}),
    ),
    Attack(
        "give one's own away",
        "403",
        lambda s: s.send("PATCH", "/threads/THREAD", "riley", json={"metadata": {"owner": "kim"}}),
    ),
    Attack(
        "mark it",
        "404",
        lambda s: s.send("PATCH", "/threads/THREAD", "kim", json={"metadata": {"note": "mine"}}),
    ),
    Attack("delete it", "403", lambda s: s.send("DELETE", "/threads/THREAD", "kim")),
    Attack("delete one's own while it waits", "403", lambda s: s.send("DELETE", "/threads/THREAD", "riley")),
    Attack(
        "delete it with others, `prune`",
        "403",
        lambda s: s.send("POST", "/threads/prune", "alma", json={"thread_ids": [s.thread_id]}),
    ),
    Attack(
        "cancel its runs",
        "404",
        lambda s: s.send("POST", f"/threads/THREAD/runs/{_run_of(s)}/cancel", "kim"),
    ),
    Attack(
        "roll its runs back",
        "403",
        lambda s: s.send("POST", f"/threads/THREAD/runs/{_run_of(s)}/cancel?action=rollback", "alma"),
    ),
    Attack("delete its runs", "403", lambda s: s.send("DELETE", f"/threads/THREAD/runs/{_run_of(s)}", "kim")),
    Attack(
        "join its stream", "404", lambda s: s.send("GET", f"/threads/THREAD/runs/{_run_of(s)}/join", "kim")
    ),
    Attack("see its schedules", "403", lambda s: s.send("POST", "/runs/crons/search", "omar", json={})),
)


def _thread_with(user: str, **metadata: object) -> Attempt:
    return lambda target: target.send("PATCH", "/threads/THREAD", user, json={"metadata": metadata})


def _thread_update(**body: object) -> Attempt:
    return lambda s: s.send(
        "POST", "/threads", "riley", json={"thread_id": s.thread_id, "if_exists": "do_nothing", **body}
    )


def _assistant(method: str, **more: object) -> Attempt:
    def attempt(target: WaitingRun) -> httpx.Response:
        (assistant,) = target.send("POST", "/assistants/search", "alma", json={"graph_id": "audit"}).json()
        return target.send(method, f"/assistants/{assistant['assistant_id']}", "alma", **more)

    return attempt


HIDING: tuple[Attack, ...] = (
    Attack(
        "file its thread under another graph, `metadata.graph_id`",
        "403",
        _thread_with("riley", graph_id="feedback"),
    ),
    Attack("the same as an admin", "403", _thread_with("alma", graph_id="feedback")),
    Attack("file it under no graph", "403", _thread_with("riley", graph_id=None)),
    Attack(
        "file it under another assistant, `metadata.assistant_id`",
        "403",
        _thread_with("riley", assistant_id=UNKNOWN_ID),
    ),
    Attack("file it among other notes", "403", _thread_with("riley", note="x", graph_id=["audit"])),
    Attack(
        "let it lapse, `ttl`",
        "403",
        lambda s: s.send("PATCH", "/threads/THREAD", "riley", json={"ttl": {"ttl": 1}}),
    ),
    Attack(
        "the same beside a note",
        "403",
        lambda s: s.send("PATCH", "/threads/THREAD", "alma", json={"metadata": {"n": 1}, "ttl": 1}),
    ),
    Attack(
        "name the thread anew under another graph", "403", _thread_update(metadata={"graph_id": "feedback"})
    ),
    Attack("name it anew with a time to live", "403", _thread_update(ttl={"strategy": "delete", "ttl": 1})),
    Attack(
        "make a thread under a graph that is not",
        "403",
        lambda s: s.send("POST", "/threads", "riley", json={"metadata": {"graph_id": "other"}}),
    ),
    Attack(
        "start anew on the waiting thread, as its starter",
        "403",
        lambda s: s.run("riley", input={"sources": "x.yaml"}),
    ),
    Attack("the same with an empty input", "403", lambda s: s.run("riley", input={})),
    Attack(
        "have its thread seem busy, `after_seconds`",
        "403",
        lambda s: s.run("riley", input=None, after_seconds=10**9),
    ),
    Attack("the same with an answer", "403", lambda s: s.answer("omar", s.approval, after_seconds=10**9)),
    Attack(
        "stop before the question, `interrupt_before`",
        "403",
        lambda s: s.run("riley", input=None, interrupt_before=["await_approval"]),
    ),
    Attack(
        "stop after each step, `interrupt_after`",
        "403",
        lambda s: s.answer("omar", s.approval, interrupt_after="*"),
    ),
    Attack(
        "end an answer half applied, `recursion_limit`",
        "403",
        lambda s: s.answer("omar", s.approval, config={"recursion_limit": 1}),
    ),
    Attack(
        "another graph in a run's metadata",
        "403",
        lambda s: s.run("riley", input=None, metadata={"graph_id": "feedback"}),
    ),
    Attack(
        "another graph in its configuration's metadata",
        "403",
        lambda s: s.run("riley", input=None, config={"metadata": {"graph_id": "feedback"}}),
    ),
    Attack(
        "push an answer out, `rollback`, as its starter",
        "403",
        lambda s: s.run("riley", input=None, multitask_strategy="rollback"),
    ),
    Attack(
        "push it out, `interrupt`",
        "403",
        lambda s: s.run("riley", input=None, multitask_strategy="interrupt"),
    ),
    Attack(
        "call answers off, as its starter",
        "403",
        lambda s: s.send("POST", f"/threads/THREAD/runs/{_run_of(s)}/cancel", "riley"),
    ),
    Attack(
        "call off all that runs",
        "403",
        lambda s: s.send("POST", "/runs/cancel", "riley", json={"status": "all"}),
    ),
    Attack(
        "a schedule that starts anew on the thread",
        "403",
        lambda s: s.send(
            "POST",
            "/threads/THREAD/runs/crons",
            "alma",
            json={"assistant_id": "audit", "schedule": "* * * * *", "input": {"sources": "x.yaml"}},
        ),
    ),
    Attack(
        "delete the assistant and its threads", "403", _assistant("DELETE", params={"delete_threads": "true"})
    ),
    Attack(
        "turn the assistant into another graph", "403", _assistant("PATCH", json={"graph_id": "feedback"})
    ),
    Attack(
        "prune it to its latest state",
        "403",
        lambda s: s.send(
            "POST", "/threads/prune", "riley", json={"thread_ids": [s.thread_id], "strategy": "keep_latest"}
        ),
    ),
    Attack(
        "delete the run that asked",
        "403",
        lambda s: s.send("DELETE", f"/threads/THREAD/runs/{_run_of(s)}", "riley"),
    ),
)


def _run_of(target: WaitingRun) -> str:
    return str(target.send("GET", "/threads/THREAD/runs", "omar").json()[0]["run_id"])


def _studio(target: WaitingRun) -> httpx.Response:
    headers = {"x-auth-scheme": "langsmith", "x-api-key": "key", "Host": "evil.example.com"}
    return target.send("POST", "/threads/search", json={}, headers=headers)


def _langsmith(target: WaitingRun) -> httpx.Response:
    return _search_with(target, {"X-Api-Key": "lsv2_pt_0", "Origin": "https://dev.agentinbox.ai"})


def _twice(target: WaitingRun, name: str, before: str) -> httpx.Response:
    headers = [(name, f"{before}token-omar"), (name, f"{before}token-alma")]
    return http.post(f"{target.served.url}/threads/search", json={}, headers=headers, timeout=60)


TOKENS: tuple[Attack, ...] = (
    Attack("a token that is nobody's", "401", _bearer(lambda: "token-nobody")),
    Attack(
        "no token, behind a proxy on this machine",
        "401",
        lambda s: _search_with(s, {"X-Forwarded-For": "203.0.113.9"}),
    ),
    Attack(
        "the same, saying that it is 127.0.0.1",
        "401",
        lambda s: _search_with(s, {"X-Forwarded-For": "127.0.0.1"}),
    ),
    Attack("the same in `Forwarded`", "401", lambda s: _search_with(s, {"Forwarded": "for=127.0.0.1"})),
    Attack("the same in `X-Real-IP`", "401", lambda s: _search_with(s, {"X-Real-IP": "127.0.0.1"})),
    Attack(
        "another host's name that resolves to 127.0.0.1",
        "401",
        lambda s: _search_with(s, {"Host": "evil.example.com"}),
    ),
    Attack(
        "another site's page in a browser here",
        "401",
        lambda s: _search_with(s, {"Origin": "https://evil.example.com"}),
    ),
    Attack("Studio's key instead of a token", "401", _studio),
    Attack(
        "a token that is nobody's as `X-Api-Key`",
        "401",
        lambda s: _search_with(s, {"X-Api-Key": "token-nobody"}),
    ),
    Attack("LangSmith's key from another site's page", "401", _langsmith),
    Attack(
        "another scheme than Bearer", "401", lambda s: _search_with(s, {"Authorization": "Basic b21hcjo="})
    ),
    Attack("two tokens, the first of them good", "401", lambda s: _twice(s, "Authorization", "Bearer ")),
    Attack("two keys, the first of them good", "401", lambda s: _twice(s, "X-Api-Key", "")),
    Attack("JWT: `alg: none`", "401", _bearer(jwts.unsigned)),
    Attack("JWT: `alg: None`", "401", _bearer(lambda: jwts.unsigned(alg="None"))),
    Attack("JWT: HS256 and no signature", "401", _bearer(lambda: jwts.unsigned(alg="HS256"))),
    Attack("JWT: HS256 with the public key as secret", "401", _bearer(jwts.by_confused_key)),
    Attack("JWT: a key that it brings along", "401", _bearer(jwts.by_own_key)),
    Attack("JWT: a key that is not ours", "401", _bearer(lambda: jwts.by_rsa(kid="../../etc/passwd"))),
    Attack("JWT: a key of another algorithm", "401", _bearer(lambda: jwts.by_rsa(kid="ed-1"))),
    Attack("JWT: without naming the key", "401", _bearer(lambda: jwts.by_ed(kid=""))),
    Attack(
        "JWT: extensions to be obeyed, `crit`",
        "401",
        _bearer(lambda: jwts.by_secret(crit=["b64"], b64=False)),
    ),
    Attack("JWT: expired", "401", _bearer(lambda: jwts.by_secret(jwts.claims(exp=int(time.time()) - 60)))),
    Attack("JWT: without an end", "401", _bearer(lambda: jwts.by_secret(jwts.claims(exp=None)))),
    Attack("JWT: not yet", "401", _bearer(lambda: jwts.by_secret(jwts.claims(nbf=int(time.time()) + 90)))),
    Attack(
        "JWT: for somebody else, `aud`", "401", _bearer(lambda: jwts.by_secret(jwts.claims(aud="payroll")))
    ),
    Attack("JWT: for nobody in particular", "401", _bearer(lambda: jwts.by_secret(jwts.claims(aud=None)))),
    Attack("JWT: of another issuer", "401", _bearer(lambda: jwts.by_secret(jwts.claims(iss="https://evil")))),
    Attack("JWT: of no issuer", "401", _bearer(lambda: jwts.by_secret(jwts.claims(iss=None)))),
    Attack("JWT: claims changed after signing", "401", _bearer(lambda: _patched(jwts.by_rsa()))),
    Attack("JWT: without a user", "401", _bearer(lambda: jwts.by_secret(jwts.claims(sub=None)))),
    Attack("JWT: a user that is a list", "401", _bearer(lambda: jwts.by_secret(jwts.claims(user=["jo"])))),
    Attack("JWT: the desk's own name", "401", _bearer(lambda: jwts.by_secret(jwts.claims(user="rule")))),
    Attack(
        "JWT: a local account's name", "401", _bearer(lambda: jwts.by_secret(jwts.claims(user="local:open")))
    ),
    Attack(
        "JWT: letters that look like others",
        "401",
        _bearer(lambda: jwts.by_secret(jwts.claims(user="d\u0430na"))),
    ),
    Attack(
        "JWT: sound, but of no role that decides",
        "403",
        lambda s: s.answer(jwts.by_rsa(jwts.claims(roles=["auditor"])), s.approval),
    ),
    Attack(
        "JWT: roles of a wrong kind",
        "403",
        lambda s: s.answer(jwts.by_rsa(jwts.claims(roles={"approver": True})), s.approval),
    ),
)


def _search_with(target: WaitingRun, headers: dict[str, str]) -> httpx.Response:
    return target.send("POST", "/threads/search", json={}, headers=headers)


def _patched(token: str) -> str:
    head, _, signature = token.split(".")
    return f"{head}.{jwts.unsigned(jwts.claims(user='omar')).split('.')[1]}.{signature}"


ATTACKS: dict[str, tuple[Attack, ...]] = {
    "Change state, or steer": STATE,
    "Answer for somebody else, or without the right": ANSWERS,
    "Reach another's thread": THREADS,
    "Hide a question from who decides": HIDING,
    "Pass for somebody": TOKENS,
}
