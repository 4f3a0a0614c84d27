"""The REST interface as an application, under /desk/api/v1 and, as its paths were asked for, /api/v1."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final, TypeVar

from anyio import to_thread
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from desk.rest import caller
from desk.rest.bodies import ExecuteSuite, TaskAnswer
from desk.rest.calls import CallerDesk
from desk.rest.described import openapi
from desk.server.service_token import HEADERS
from desk.web.requests_read import Limited
from tools.core import settings
from tools.core.errors import (
    IdentityError,
    RunError,
    TieoutError,
    UnreachableError,
)
from tools.core.refusal_text import dotted, expected
from tools.store.columns import clean

PATHS: Final = ("/desk/api/v1", "/api/v1")
LOOK_SECONDS: Final = 1.0
LARGEST_BODY: Final = 100_000
Body = TypeVar("Body", bound=BaseModel)
_STATUS: Final = {IdentityError: 403, RunError: 404, UnreachableError: 503}


def rest() -> Starlette:
    """Make the application."""
    return Starlette(
        routes=[
            Route("/execute-suite", _execute_suite, methods=["POST"]),
            Route("/status", _looking(CallerDesk.status), methods=["GET"]),
            Route("/progress", _looking(CallerDesk.progress), methods=["GET"]),
            Route("/final-report", _looking(CallerDesk.final_report), methods=["GET"]),
            Route("/tasks", _looking(CallerDesk.tasks), methods=["GET"]),
            Route("/tasks/{task}/answer", _answer, methods=["POST"]),
            Route("/messages", _messages, methods=["GET"]),
            Route("/openapi.json", _openapi, methods=["GET"]),
        ],
        exception_handlers={HTTPException: _refused, TieoutError: _refused},
    )


def _looking(look: Callable[[CallerDesk, str], dict[str, Any]]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        run = clean(request.query_params.get("run", ""))
        return _json(await to_thread.run_sync(lambda: look(_desk(request), run)))

    return endpoint


async def _execute_suite(request: Request) -> Response:
    body = await _body(request, ExecuteSuite)
    return _json(await to_thread.run_sync(lambda: _desk(request).execute_suite(body)), 202)


async def _answer(request: Request) -> Response:
    body, task = await _body(request, TaskAnswer), str(request.path_params["task"])
    return _json(await to_thread.run_sync(lambda: _desk(request).answer(task, body)))


async def _openapi(request: Request) -> Response:
    return _json(openapi(request.scope.get("root_path", "")))


async def _messages(request: Request) -> Response:
    from sse_starlette import EventSourceResponse

    run = clean(request.query_params.get("run", ""))
    after = request.headers.get("last-event-id", "0")
    if not (after.isascii() and after.isdecimal() and len(after) < 16):  # noqa: PLR2004 - digits of a row's number
        raise HTTPException(400, "Last-Event-ID is a number of ours.")
    desk = await to_thread.run_sync(_desk, request)
    if not await to_thread.run_sync(desk.starts, run):
        run = (await to_thread.run_sync(desk.standing, run)).run.run_id
    return EventSourceResponse(_events(desk, run, int(after)), headers=HEADERS)


async def _events(desk: CallerDesk, run: str, after: int) -> AsyncIterator[dict[str, str]]:
    """Give every message of a programme with its number, until it has ended; "": of the one being started."""
    while True:
        run = run or await to_thread.run_sync(desk.opened)
        messages, ended = await to_thread.run_sync(desk.messages_after, run, after)
        for number, kind, body in messages:
            after = number
            yield {"id": str(number), "event": kind, "data": json.dumps(body)}
        if ended and not messages:
            return
        await asyncio.sleep(LOOK_SECONDS)


def _desk(request: Request) -> CallerDesk:
    limits = settings.load()
    try:
        return CallerDesk(limits, caller.token_of(request, limits))
    except IdentityError as error:
        raise HTTPException(401, str(error), {"WWW-Authenticate": "Bearer"}) from None


async def _body(request: Request, kind: type[Body]) -> Body:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "The body is JSON: send 'Content-Type: application/json'.")
    limited = Limited(request.receive, LARGEST_BODY, f"The body is longer than {LARGEST_BODY:,} bytes.")
    content = await Request(request.scope, limited).body()
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise HTTPException(422, f"{dotted(first['loc']) or 'the body'}: {expected(first)}.") from None


async def _refused(_: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return _json({"error": error.detail}, error.status_code, error.headers)
    status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400)
    return _json({"error": str(error)}, status)


def _json(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(content, status_code=status, headers={**HEADERS, **(headers or {})})
