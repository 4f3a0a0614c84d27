"""Who may do what on LangGraph Server: named in langgraph.json; docs/security.md lists it.

A token says who calls; without one, callers on this machine may start and read as `local:open`, unless the
settings close that. A thread belongs to whoever started its run: others read and answer it only with a role
that decides. What no handler here allows is refused.
"""

from __future__ import annotations

import asyncio
from typing import Any

from langgraph_sdk import Auth
from starlette.requests import Request

from desk.server import credentials, refusals, sign_in_limit, threads
from desk.server.loopback import is_here
from tools.core import settings
from tools.core.errors import TieoutError
from tools.identity import users_file
from tools.identity.people import Person
from tools.identity.roles import STARTER

_OPEN = Person(user="local:open", name="unauthenticated, this machine", roles=(STARTER,))
Context = Auth.types.AuthContext
Value = dict[str, Any]
Filter = dict[str, Any]

auth = Auth()


@auth.authenticate
async def authenticate(request: Request) -> Auth.types.MinimalUserDict:
    """Identify the caller. Raises 401 for a token that is nobody's, or none where one is needed."""
    person = await asyncio.to_thread(_person, request)
    return {
        "identity": person.user,
        "display_name": person.name,
        "permissions": list(person.roles),
        "is_authenticated": True,
    }


@auth.on
async def refuse_the_rest(ctx: Context, value: Value) -> bool:  # noqa: ARG001 - the SDK's signature
    """Refuse what nothing below allows: assistants of one's own, the Server's key-value store."""
    raise _no(f"{ctx.resource}.{ctx.action} is closed on this Server.")


@auth.on(resources="assistants", actions=["read", "search"])
async def read_assistants(ctx: Context, value: Value) -> bool:  # noqa: ARG001 - the SDK's signature
    """Show the graphs to whoever may read; nobody changes them or makes others."""
    return _may(ctx).may("read")


@auth.on(resources="threads", actions=["create"])
async def create_thread(ctx: Context, value: Value) -> Filter:
    """Make a thread of one's own; one that has a run already belongs to who started that."""
    person = _may(ctx)
    if not person.may("start"):
        raise _no(f"{person.user} has no role that may start a run.")
    if "if_exists" not in value:
        raise _no("a thread is not copied: its run has one history.")
    thread_id = str(value["thread_id"])
    graph = await asyncio.to_thread(threads.graph_of, thread_id)
    if why := refusals.metadata(value.get("metadata"), graph):
        raise _no(why)
    owner = await asyncio.to_thread(_owner, thread_id, person)
    value["metadata"]["owner"] = owner
    return {"owner": owner}


@auth.on(resources="threads", actions=["read", "search"])
async def read_threads(ctx: Context, value: Value) -> Filter:  # noqa: ARG001 - the SDK's signature
    """Show one's own threads; to who decides, and to admins, all."""
    person = _may(ctx)
    return {} if person.may("decide") else {"owner": person.user}


@auth.on(resources="threads", actions=["update"])
async def update_thread(ctx: Context, value: Value) -> Filter:
    """Allow notes on one's own thread, and to cancel one's own run; state is written by nobody."""
    person = _may(ctx)
    thread_id = str(value["thread_id"]) if value.get("thread_id") else None
    if value.get("action") is None:
        if value.get("metadata") is None:
            raise _no("state is changed by the graph alone.")
        graph = await asyncio.to_thread(threads.graph_of, thread_id)
        if why := refusals.metadata(value.get("metadata"), graph):
            raise _no(why)
    elif why := await asyncio.to_thread(_cancelled, person, thread_id, value["action"]):
        raise _no(why)
    return {} if person.may("administer") else {"owner": person.user}


@auth.on(resources="threads", actions=["delete"])
async def delete_thread(ctx: Context, value: Value) -> Filter:
    """Allow to delete one's own threads whose runs have ended."""
    person = _may(ctx)
    for thread_id in value.get("thread_ids") or [value.get("thread_id")]:
        if await asyncio.to_thread(_is_needed, str(thread_id)):
            raise _no("its run has not ended: decide on it, or abandon it.")
    return {} if person.may("administer") else {"owner": person.user}


@auth.on(resources="threads", actions=["create_run"])
async def create_run(ctx: Context, value: Value) -> Filter:
    """Start or go on with one's own run; answer anybody's, with the role; steer none."""
    person = await asyncio.to_thread(_scheduled, _may(ctx))
    kwargs = value["kwargs"]
    if why := refusals.steering(kwargs):
        raise _no(why)
    # Every step is kept before the next begins, and a thread stays: its run may wait for a person.
    kwargs.update(durability="sync", checkpoint_during=True, temporary=False)
    thread_id = str(value["thread_id"]) if value.get("thread_id") else None
    if value.get("after_seconds"):
        raise _no("a run starts at once, or its thread would seem busy; schedules are the admins'.")
    if why := await asyncio.to_thread(_misplaced, thread_id, value):
        raise _no(why)
    if why := await asyncio.to_thread(refusals.unseen_files, thread_id):
        raise _no(why)
    resume = (kwargs.get("command") or {}).get("resume")
    if resume is not None:
        strategy = value.get("multitask_strategy")
        why, plain = await asyncio.to_thread(refusals.answer, person, thread_id, resume, strategy)
        if why:
            raise _no(why)
        kwargs["command"]["resume"] = plain
        return {}
    if thread_id and kwargs.get("input") is not None and await threads.is_busy(thread_id):
        raise _no("a run of this thread is under way: another one takes a new thread.", 409)
    if not person.may("start"):
        raise _no(f"{person.user} has no role that may start a run.")
    owner = await asyncio.to_thread(_owner, thread_id, person)
    value["metadata"]["owner"] = owner
    if kwargs.get("input") is None and person.may("decide"):
        return {}  # goes on where it stopped
    return {"owner": person.user}


@auth.on(resources="crons", actions=["create", "update"])
async def schedule(ctx: Context, value: Value) -> Filter:
    """Let admins schedule runs; a schedule answers nothing and steers nothing."""
    person = _may(ctx)
    if not person.may("administer"):
        raise _no("schedules are the admins'.")
    if (payload := value.get("payload")) and (why := refusals.scheduled({**payload, **_placed(value)})):
        raise _no(why)
    if why := refusals.metadata(value.get("metadata")):
        raise _no(why)
    return {}


@auth.on(resources="crons", actions=["read", "search", "delete"])
async def see_schedules(ctx: Context, value: Value) -> bool:  # noqa: ARG001 - the SDK's signature
    """Show schedules to admins, and let them end them."""
    if not _may(ctx).may("administer"):
        raise _no("schedules are the admins'.")
    return True


def _may(ctx: Context) -> Person:
    """Give who calls. Raises 403 for one without any role of ours, but for the scheduler's runs."""
    name = getattr(ctx.user, "display_name", ctx.user.identity)
    return Person(user=ctx.user.identity, name=name, roles=tuple(ctx.permissions or ()))


def _scheduled(person: Person) -> Person:
    """Give a schedule's owner the roles that the users file says: the scheduler hands on the name alone."""
    if person.roles or not person.signed_in:
        return person
    try:
        entry = users_file.read(settings.load().users).users.get(person.user)
    except TieoutError:
        return person
    return person.model_copy(update={"roles": tuple(entry.roles)}) if entry else person


def _placed(value: Value) -> Value:
    return {"thread_id": value["thread_id"]} if value.get("thread_id") else {}


def _misplaced(thread_id: str | None, value: Value) -> str:
    """Say why a run may not be on a thread, or not under that name; "" where it may."""
    kwargs = value["kwargs"]
    graph = threads.graph_of(thread_id)
    put_in = None if (kwargs.get("command") or {}).get("resume") is not None else kwargs.get("input")
    return (
        refusals.another_graph(thread_id, value.get("assistant_id"))
        or refusals.metadata(value.get("metadata"), graph)
        or refusals.metadata((kwargs.get("config") or {}).get("metadata"), graph)
        or refusals.on_thread(thread_id, put_in, value.get("multitask_strategy"))
    )


def _cancelled(person: Person, thread_id: str | None, action: str) -> str:
    """Say why a run may not be called off: an answer that is being applied is not its starter's to stop."""
    if action == "rollback":
        return "a run is not rolled back: cancel it, or abandon it."
    if person.may("administer"):
        return ""
    if thread_id is None:
        return "name the thread whose run is cancelled."
    run = threads.run_of(thread_id)
    if run is not None and run.started_by != person.user:
        return ""  # not found, as what is another's is
    return "its question is open: answers are not called off." if threads.asks(thread_id) else ""


def _is_needed(thread_id: str) -> bool:
    return threads.is_live(thread_id) or threads.asks(thread_id)


def _owner(thread_id: str | None, person: Person) -> str:
    """Name whose thread it is. Raises 403 where it is somebody else's, and the person does not decide."""
    run = threads.run_of(thread_id)
    owner = run.started_by if run else person.user
    if owner != person.user and not person.may("decide"):
        raise _no("this thread is somebody else's.")
    return owner


def _no(why: str, status: int = 403) -> Auth.exceptions.HTTPException:
    return Auth.exceptions.HTTPException(status_code=status, detail=why)


def _person(request: Request) -> Person:
    limits = settings.load()
    try:
        token = credentials.token_of(request.headers)
        if token is not None:
            return sign_in_limit.signed_in(request.scope, token, limits)
    except TieoutError as error:
        raise _no(str(error), 401) from None
    client = request.client.host if request.client else None
    if limits.open_on_loopback and is_here(client, request.headers):
        return _OPEN
    raise _no("Send 'Authorization: Bearer TOKEN', or the token as 'X-Api-Key'.", 401)
