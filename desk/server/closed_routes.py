"""Closes what LangGraph's development server leaves open to anybody: it deploys, wipes and dumps threads."""

from __future__ import annotations

from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

PATHS: Final = ("/deploy", "/internal", "/profile")


class Closed:
    """Middleware: answers 404 under these paths, whoever asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] in ("http", "websocket") and is_closed(str(scope["path"])):
            await PlainTextResponse("Closed on this Server.", status_code=404)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_closed(path: str) -> bool:
    """Say whether a path is closed; doubled slashes and other spellings do not open it."""
    plain = "/" + "/".join(part for part in path.lower().split("/") if part not in ("", "."))
    return any(plain == closed or plain.startswith(f"{closed}/") for closed in PATHS)
