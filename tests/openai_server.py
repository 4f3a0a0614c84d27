"""An OpenAI-compatible server on a real socket, with scripted answers and faults.

    with serve(Reply('{"notes": []}'), Status(429, {"Retry-After": "1"})) as server:
        Settings(model="small", model_base_url=server.url, ...)

Each request takes the next act of the script; when it is used up, `then` answers. What was sent is in
`server.requests`. tests/honest_model.py answers as a model that says only what it was told.

To try Tieout without a key: `python tests/openai_server.py --port 8399`, see tests/keyless_endpoint.py.
"""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
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
def serve(*script: Script, then: Script = Status(503), port: int = 0) -> Iterator[Server]:
    """Serve the script on a port of loopback, a free one where none is given."""
    server = Server(script, then)
    listener = _Listener(("127.0.0.1", port), _Handler)
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
            self._send(200, completion(act, json.loads(raw).get("model", "")))
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
            body = completion(Reply("{}"), "")
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
            self.wfile.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:after])
        # No linger: the peer sees a reset, not an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _drip(self, act: Drip) -> None:
        body = completion(Reply(act.text), "")
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


def completion(reply: Reply, model: str) -> bytes:
    """Write a reply as an endpoint does."""
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


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.keyless_endpoint import main

    main()
