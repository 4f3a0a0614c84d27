"""Middleware that answers one path itself, with whatever token it asks for, and lets every other through."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


class AnsweredPath(ABC):
    """Answers `path`. A subclass says how."""

    path: ClassVar[str]

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http" or str(scope["path"]).rstrip("/") != self.path:
            await self.app(scope, receive, send)
            return
        response = await self.answer(scope, receive)
        await response(scope, receive, send)

    @abstractmethod
    async def answer(self, scope: Scope, receive: Receive) -> Response:
        """Give the answer."""
