"""Who may do what on LangGraph Server: named in langgraph.json.

A bearer token says who calls; without one, callers on this machine may start and read as `local:open`.
Nobody writes state or steers the graph from outside: decisions come in as answers to an interrupt.
"""

from __future__ import annotations

import asyncio
from typing import Any

from langgraph_sdk import Auth
from starlette.requests import Request

from tools import settings
from tools.errors import IdentityError
from tools.identity import Person, sign_in
from tools.roles import STARTER

_LOOPBACK = {"127.0.0.1", "::1", "localhost", "testclient"}
_OPEN = Person(user="local:open", name="unauthenticated, this machine", roles=(STARTER,))

auth = Auth()


@auth.authenticate
async def authenticate(request: Request, authorization: str | None) -> Auth.types.MinimalUserDict:
    """Identify the caller. Raises 401 for a token that is nobody's, or none from another machine."""
    person = await asyncio.to_thread(_person, request, authorization)
    return {
        "identity": person.user,
        "display_name": person.name,
        "permissions": list(person.roles),
        "is_authenticated": True,
    }


@auth.on.threads.update
async def refuse_state_updates(ctx: Auth.types.AuthContext, value: Auth.types.ThreadsUpdate) -> bool:  # noqa: ARG001 - the SDK's signature
    """Allow a change of metadata or a cancellation; refuse to write state."""
    return value.get("metadata") is not None or value.get("action") is not None


@auth.on.threads.create_run
async def refuse_steering(ctx: Auth.types.AuthContext, value: Auth.types.RunsCreate) -> bool:  # noqa: ARG001 - the SDK's signature
    """Refuse a run that would update state or jump to a node; a resume, even of False, is a resume."""
    command: dict[str, Any] = value.get("kwargs", {}).get("command") or {}
    return command.get("update") is None and command.get("goto") is None


def _person(request: Request, authorization: str | None) -> Person:
    scheme, _, token = (authorization or "").partition(" ")
    if not authorization:
        if request.client is not None and request.client.host in _LOOPBACK:
            return _OPEN
        raise Auth.exceptions.HTTPException(status_code=401, detail="Send 'Authorization: Bearer TOKEN'.")
    if scheme.lower() != "bearer" or not token.strip():
        raise Auth.exceptions.HTTPException(status_code=401, detail="The scheme is 'Bearer TOKEN'.")
    try:
        return sign_in(token, settings.load())
    except IdentityError as error:
        raise Auth.exceptions.HTTPException(status_code=401, detail=str(error)) from None
