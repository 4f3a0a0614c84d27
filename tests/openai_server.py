"""An OpenAI-compatible server on a real socket, with scripted answers and faults.

    with serve(Reply('{"notes": []}'), Status(429, {"Retry-After": "1"})) as server:
        Settings(model="small", model_base_url=server.url, ...)

Each request takes the next act of the script; when it is used up, `then` answers. What was sent is in
`server.requests`.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """A completion with this text; refusal, finish and usage as an endpoint gives them.

    calls: tools that the model wants used, each a name and its arguments as JSON text.
    """

    text: str
    calls: tuple[tuple[str, str], ...] = ()
    finish: str = "stop"
    refusal: str | None = None
    usage: tuple[int, int] | None = (1000, 200)
    after: float = 0.0


@dataclass(frozen=True)
class Status:
    """An HTTP error."""

    code: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """A body as it is, well formed or not, with status 200."""

    body: bytes


@dataclass(frozen=True)
class Drop:
    """The connection is reset: before any answer, or after `after` bytes of one."""

    after: int = 0


@dataclass(frozen=True)
class Drip:
    """A whole answer, one byte every `every` seconds."""

    text: str
    every: float


Act = Reply | Status | Raw | Drop | Drip
Script = Act | Callable[[Body], Act]


class Server:
    """What a test sees: where the server is, and what it was sent."""

    def __init__(self, script: tuple[Script, ...], then: Script) -> None:
        self.script, self.then = list(script), then
        self.requests: list[Body] = []
        self.raw: list[bytes] = []
        self.url = ""
        self._lock = threading.Lock()

    def act(self, raw: bytes) -> Act:
        """Record a request and give what answers it."""
        body: Body = json.loads(raw)
        with self._lock:
            self.requests.append(body)
            self.raw.append(raw)
            chosen = self.script.pop(0) if self.script else self.then
        return chosen(body) if callable(chosen) else chosen


@contextmanager
def serve(*script: Script, then: Script = Status(503)) -> Iterator[Server]:
    """Serve the script on a free port of loopback."""
    server = Server(script, then)
    listener = _Listener(("127.0.0.1", 0), _Handler)
    listener.script = server
    server.url = f"http://127.0.0.1:{listener.server_address[1]}/v1"
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def asked(body: Body) -> dict[str, dict[str, str]]:
    """Give the flags' facts out of a request for explain_case."""
    user = next(message["content"] for message in body["messages"] if message["role"] == "user")
    found: dict[str, dict[str, str]] = json.loads(user[user.index("The flags and their facts:") + 26 :])
    return found


def honest(body: Body) -> Reply:
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
        for name, facts in asked(body).items()
    ]
    return Reply(json.dumps({"notes": notes}))


def looking(body: Body) -> Reply:
    """Answer as an observer that looks twice, then reports what it saw."""
    offered = [tool["function"]["name"] for tool in body["tools"]]
    turn = sum(message["role"] == "assistant" for message in body["messages"])
    facts = told(body)
    forced = isinstance(body.get("tool_choice"), dict)
    looks = [name for name in offered if name in _LOOKS]
    if turn < min(2, len(looks)) and not forced:
        return Reply("", calls=((looks[turn], json.dumps(_LOOKS[looks[turn]](facts))),))
    return Reply("", calls=(("report_hypotheses", json.dumps({"hypotheses": readings(facts)})),))


def readings(facts: Mapping[str, str]) -> list[Body]:
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


def told(body: Body) -> dict[str, str]:
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


_LOOKS: dict[str, Callable[[Mapping[str, str]], Body]] = {
    "query_ledger": lambda facts: {"vendor": _vendor(facts), "most": 5},
    "find_candidates": lambda _: {"row": "F1.R", "days": 30},
    "profile_vendor": lambda facts: {"vendor": _vendor(facts)},
    "search_documents": lambda facts: {"words": f"{_vendor(facts)} invoice"},
    "find_decisions": lambda facts: {"vendor": _vendor(facts)},
}


def model(body: Body) -> Reply:
    """Answer anything that Tieout asks, honestly: notes, or an observer's next turn."""
    reply = looking(body) if body.get("tools") else honest(body)
    tokens = len(json.dumps([body["messages"], body.get("tools", [])])) // 4
    return replace(reply, usage=(tokens, len(_completion(reply, "")) // 4))


class _Listener(ThreadingHTTPServer):
    """The socket, with the script that it plays."""

    daemon_threads = True
    script: Server


class _Handler(BaseHTTPRequestHandler):
    """Plays the acts."""

    server: _Listener
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer one request."""
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        act = self.server.script.act(raw)
        if isinstance(act, Reply):
            time.sleep(act.after)
            self._send(200, _completion(act, json.loads(raw).get("model", "")))
        elif isinstance(act, Status):
            error = {"error": {"message": f"scripted {act.code}", "type": "server_error", "code": None}}
            self._send(act.code, json.dumps(error).encode(), act.headers)
        elif isinstance(act, Raw):
            self._send(200, act.body)
        elif isinstance(act, Drop):
            self._drop(act.after)
        else:
            self._drip(act)

    def _send(self, code: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked did not wait
            self.wfile.write(body)

    def _drop(self, after: int) -> None:
        if after:
            body = _completion(Reply("{}"), "")
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
            self.wfile.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:after])
        # No linger: the peer sees a reset, not an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _drip(self, act: Drip) -> None:
        body = _completion(Reply(act.text), "")
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            for at in range(len(body)):
                self.wfile.write(body[at : at + 1])
                self.wfile.flush()
                time.sleep(act.every)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


def _completion(reply: Reply, model: str) -> bytes:
    message: Body = {"role": "assistant", "content": reply.text or None, "refusal": reply.refusal}
    if reply.calls:
        message["tool_calls"] = [
            {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for number, (name, arguments) in enumerate(reply.calls)
        ]
    body: Body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_750_000_000,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish, "logprobs": None}],
    }
    if reply.usage:
        tokens_in, tokens_out = reply.usage
        body["usage"] = {
            "prompt_tokens": tokens_in,
            "completion_tokens": tokens_out,
            "total_tokens": tokens_in + tokens_out,
        }
    return json.dumps(body).encode()
