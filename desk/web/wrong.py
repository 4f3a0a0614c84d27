"""What people are told when a request goes wrong: what it is, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from desk.web.endpoints import ConflictError
from desk.web.rendering import page
from desk.web.visitor import ANONYMOUS
from tools.core.clock import clock
from tools.core.errors import (
    IdentityError,
    RunError,
    SettingsError,
    TieoutError,
    UnreachableError,
    UsageError,
)

OWN_FORMS: Final = "This page answers its own forms only. Load the page again, and repeat it there."
_STATUS: Final[Mapping[type[TieoutError], int]] = {
    IdentityError: 403, UsageError: 400, RunError: 404, UnreachableError: 503, SettingsError: 503,
}  # fmt: skip
_STANDARD: Final[Mapping[int, str]] = {
    404: "There is no such page. Check the address, or go to the queue.",
    405: "This page is not asked for in that way. Open it by its link.",
}


async def error_page(request: Request, error: Exception) -> Response:
    """Show an error: what is wrong, and the remedy."""
    return page_of(request.scope, error)


def page_of(scope: Scope, error: Exception) -> Response:
    """Make the page of an error; what nobody expected is not repeated to the reader."""
    scope.setdefault("visitor", ANONYMOUS)
    status, message, remedy = 500, "The desk failed at this. What happened is in the Server's log.", ""
    headers: Mapping[str, str] | None = None
    if isinstance(error, HTTPException):
        status, headers = error.status_code, error.headers
        message = _STANDARD.get(status, "") if _is_standard(error) else error.detail
    elif isinstance(error, TieoutError):
        status, message, remedy = _status(error), _sentence(error.message), error.remedy
    else:
        now = f"{clock().now():%Y-%m-%d %H:%M:%S} UTC"
        remedy = f"Try again. If it stays so, tell who runs the desk, with the time: {now}."
    values = {"status": status, "said": message, "remedy": remedy}
    answer = page(Request(scope), "error.html", values, status=status)
    answer.headers.update(headers or {})
    return answer


def is_unexpected(error: Exception) -> bool:
    """Say whether an error is none that we raise to tell people something."""
    return not isinstance(error, HTTPException | TieoutError)


def _is_standard(error: HTTPException) -> bool:
    return error.status_code in _STANDARD and error.detail == HTTPException(error.status_code).detail


def _status(error: TieoutError) -> int:
    if isinstance(error, ConflictError):
        return 409
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


ERRORS: Final = {HTTPException: error_page, TieoutError: error_page}
