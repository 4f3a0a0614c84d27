"""Keeps threads where their questions are found: no time to live, no other assistant's name.

A thread that is dropped takes its question along. The handlers of LangGraph's authentication are told neither
of `ttl` nor of `metadata.assistant_id`, which LangGraph leaves out in silence: both are read here.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS: Final = frozenset({"POST", "PATCH"})
_DEEPEST: Final = 2  # /threads and /threads/ID


class Lasting:
    """Middleware: answers 403 to a body for a thread that would let it lapse, or file it elsewhere."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http" or scope["method"] not in _METHODS or not _is_thread(str(scope["path"])):
            await self.app(scope, receive, send)
            return
        messages = [message async for message in _whole(receive)]
        if why := _refused(b"".join(message.get("body", b"") for message in messages)):
            await JSONResponse({"detail": why}, status_code=403)(scope, receive, send)
            return

        async def again() -> Message:
            return messages.pop(0) if messages else await receive()

        await self.app(scope, again, send)


async def _whole(receive: Receive) -> AsyncIterator[Message]:
    """Give the messages of a request's body, the last one too; a caller who hangs up ends it."""
    while True:
        message = await receive()
        yield message
        if message["type"] != "http.request" or not message.get("more_body", False):
            return


def _is_thread(path: str) -> bool:
    parts = [part for part in path.split("/") if part]
    return parts[:1] == ["threads"] and len(parts) <= _DEEPEST


def _refused(body: bytes) -> str:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):  # LangGraph says so itself
        return ""
    if not isinstance(content, dict):
        return ""
    if content.get("ttl") is not None:
        return "a thread stays until its run has ended: no ttl."
    note = content.get("metadata")
    if isinstance(note, dict) and "assistant_id" in note:
        return "'assistant_id' follows from the run, it is not for callers to say."
    return ""
