"""Who has a case, and what people say about it: assigned, talked over, named."""

from __future__ import annotations

import re
from typing import Final

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from desk import reviews
from desk.web.endpoints import text
from desk.web.form_helpers import back, signed_in
from desk.web.opened import OpenDesk, opened
from tools.core.errors import UsageError
from tools.identity import users_file
from tools.identity.people import Person
from tools.notices import notice
from tools.store import case_events, cases

_NAMED: Final = re.compile(r"(?<!\w)@([a-z0-9][a-z0-9._-]*[a-z0-9])")


async def assign(request: Request, form: FormData) -> Response:
    """Give a case to a person of the users file, or to nobody."""
    person, to, case_id = signed_in(request), text(form, "to", 200), str(request.path_params["case_id"])
    reviews.refuse_stranger(person)
    await to_thread.run_sync(lambda: _assign(opened(), case_id, to, person))
    return back(request, form, "assigned")


async def comment(request: Request, form: FormData) -> Response:
    """Keep a comment; whoever it names by @user is told."""
    person, said, case_id = signed_in(request), text(form, "comment"), str(request.path_params["case_id"])
    reviews.refuse_stranger(person)
    await to_thread.run_sync(lambda: _comment(opened(), case_id, said, person))
    return back(request, form, "commented")


def users(desk: OpenDesk) -> dict[str, str]:
    """Give the names of those who may be given a case, by user."""
    path = desk.settings.users
    return {user: entry.name for user, entry in users_file.read(path).users.items()} if path.is_file() else {}


def _assign(desk: OpenDesk, case_id: str, to: str, person: Person) -> None:
    if to and to not in users(desk):
        raise UsageError(f"'{to}' is not in the users file.", remedy="Choose one of the list.")
    if case_events.assign(desk.store, case_id, to, by=person.user) and to not in ("", person.user):
        _tell(desk, case_id, [to], f"{person.name} gave you a case", "")


def _comment(desk: OpenDesk, case_id: str, said: str, person: Person) -> None:
    known = users(desk)
    named = [user for user in _NAMED.findall(said) if user in known and user != person.user]
    case_events.comment(desk.store, case_id, said, by=person.user, mentions=named)
    if named:
        _tell(desk, case_id, named, f"{person.name} asks {' and '.join(known[user] for user in named)}", said)


def _tell(desk: OpenDesk, case_id: str, people: list[str], title: str, said: str) -> None:
    """Queue a notice of what people do among each other with a case, once for each time."""
    case = cases.get(desk.store, case_id)
    at = case_events.history(desk.store, case_id)[-1].event_id
    message = notice.Notice(
        origin_id=case.run_id,
        kind="mention",
        risk="MEDIUM",
        title=f"{title}: {case.title}",
        why=[said] if said else [],
        page=f"cases/{case_id}",
        roles=[f"@{user}" for user in people],
    )
    notice.tell(desk.store, f"mention-{at}", message)
