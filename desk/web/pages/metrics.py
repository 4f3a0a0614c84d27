"""`/metrics`: the desk's metrics for Prometheus, in place of the Server's own, which anybody may read.

Answers callers on this machine where `open_on_loopback` lets them read, and whoever sends the setting
`metrics_token` as 'Authorization: Bearer TOKEN'. Tokens of people are not taken: a scraper is nobody.
"""

from __future__ import annotations

from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope

from desk.server import service_token
from desk.server.loopback import is_here
from desk.server.service_token import HEADERS
from desk.web.answered_path import AnsweredPath
from tools.core import settings
from tools.core.errors import TieoutError
from tools.core.settings import Settings
from tools.operations import metrics
from tools.store import open_store

PATH: Final = "/metrics"


class Metrics(AnsweredPath):
    """Middleware: answers `/metrics`."""

    path = PATH

    async def answer(self, scope: Scope, receive: Receive) -> Response:
        """Give the metrics, or why not."""
        return await to_thread.run_sync(respond, Request(scope, receive))


def respond(request: Request) -> Response:
    """Give the metrics, or why not."""
    if request.method not in ("GET", "HEAD"):
        return _plain("Metrics are read with GET.", 405, Allow="GET, HEAD")
    try:
        limits = settings.load()
        if not _may_read(request, limits):
            why = "Send 'Authorization: Bearer TOKEN' with the token of the setting TIEOUT_METRICS_TOKEN."
            return _plain(why, 401, **{"WWW-Authenticate": "Bearer"})
        text = metrics.exposition(open_store(limits.database_url), limits)
    except TieoutError as error:
        return _plain(str(error), 503)
    return Response(text, headers={**HEADERS, "Content-Type": metrics.CONTENT_TYPE})


def _may_read(request: Request, limits: Settings) -> bool:
    if "authorization" in request.headers:
        return service_token.is_sent(request.headers, limits.metrics_token)
    client = request.client.host if request.client else None
    return limits.open_on_loopback and is_here(client, request.headers)


def _plain(text: str, status: int, **headers: str) -> Response:
    return PlainTextResponse(f"{text}\n", status_code=status, headers={**HEADERS, **headers})
