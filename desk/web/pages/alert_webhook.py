"""`POST /desk/api/incidents`: Alertmanager's webhook opens incidents of what misbehaves.

Takes 'Authorization: Bearer TOKEN' with the setting `webhook_token`, from anywhere, and nothing else.
"""

from __future__ import annotations

import json
from typing import Final

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope

from desk import alert_incidents
from desk.server import service_token
from desk.server.service_token import HEADERS
from desk.web.answered_path import AnsweredPath
from desk.web.requests_read import Limited
from tools.core import settings
from tools.core.errors import TieoutError, UsageError
from tools.core.settings import Settings
from tools.store import open_store

PATH: Final = "/desk/api/incidents"
_REMEDY: Final = "Send 'Authorization: Bearer TOKEN' with the token of the setting TIEOUT_WEBHOOK_TOKEN."


class AlertWebhook(AnsweredPath):
    """Middleware: answers the webhook's path."""

    path = PATH

    async def answer(self, scope: Scope, receive: Receive) -> Response:
        """Open incidents of what fires, or say why not."""
        return await respond(Request(scope, Limited(receive)))


async def respond(request: Request) -> Response:
    """Open incidents of what fires, or say why not. A token is looked at before a body is read."""
    if request.method != "POST":
        return _answer({"error": "Alerts are sent with POST."}, 405, Allow="POST")
    try:
        limits = settings.load()
        if not service_token.is_sent(request.headers, limits.webhook_token):
            return _answer({"error": _REMEDY}, 401, **{"WWW-Authenticate": "Bearer"})
        return await _open_incidents(request, limits)
    except HTTPException as error:
        return _answer({"error": error.detail}, error.status_code)
    except TieoutError as error:
        return _answer({"error": str(error)}, 400 if isinstance(error, UsageError) else 503)


async def _open_incidents(request: Request, limits: Settings) -> Response:
    try:
        body = json.loads(await request.body())
    except ValueError:
        return _answer({"error": "The body is no JSON."}, 400)
    store = open_store(limits.database_url)
    names = await to_thread.run_sync(lambda: alert_incidents.of_alertmanager(store, body, limits))
    return _answer({"incidents": names}, 200)


def _answer(content: object, status: int, **headers: str) -> Response:
    return JSONResponse(content, status_code=status, headers={**HEADERS, **headers})
