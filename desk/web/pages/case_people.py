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
from desk.web.open_desk import OpenDesk, open_desk
from tools.core.errors import UsageError
from tools.identity import users_file
from tools.identity.people import Person
from tools.notices import notice
from tools.store import case_events, cases

_MENTION: Final = re.compile(r"(?<!\w)@([a-z0-9][a-z0-9._-]*[a-z0-9])")


async def assign(request: Request, form: FormData) -> Response:
    """Give a case to a person of the users file, or to nobody."""
    person, to, case_id = signed_in(request), text(form, "to", 200), str(request.path_params["case_id"])
    reviews.refuse_without_right_to_review(person)
    await to_thread.run_sync(lambda: _assign(open_desk(), case_id, to, person))
    return back(request, form, "assigned")


async def comment(request: Request, form: FormData) -> Response:
    """Keep a comment; whoever it names by @user is told."""
    person, words, case_id = signed_in(request), text(form, "comment"), str(request.path_params["case_id"])
    reviews.refuse_without_right_to_review(person)
    await to_thread.run_sync(lambda: _comment(open_desk(), case_id, words, person))
    return back(request, form, "commented")


def users(desk: OpenDesk) -> dict[str, str]:
    """Give the names of those who may be given a case, by user."""
    path = desk.settings.users
    return {user: entry.name for user, entry in users_file.read(path).users.items()} if path.is_file() else {}


def _assign(desk: OpenDesk, case_id: str, to: str, person: Person) -> None:
    if to and to not in users(desk):
        raise UsageError(f"'{to}' is not in the users file.", remedy="Choose one of the list.")
    if case_events.assign(desk.store, case_id, to, by=person.user) and to not in ("", person.user):
        _queue_notice(desk, case_id, [to], f"{person.name} gave you a case", "")


def _comment(desk: OpenDesk, case_id: str, words: str, person: Person) -> None:
    names = users(desk)
    mentioned = [user for user in _MENTION.findall(words) if user in names and user != person.user]
    case_events.comment(desk.store, case_id, words, by=person.user, mentions=mentioned)
    if mentioned:
        _queue_notice(
            desk,
            case_id,
            mentioned,
            f"{person.name} asks {' and '.join(names[user] for user in mentioned)}",
            words,
        )


def _queue_notice(desk: OpenDesk, case_id: str, people: list[str], title: str, words: str) -> None:
    """Queue a notice of what people do among each other with a case, once for each time."""
    case = cases.get(desk.store, case_id)
    at = case_events.history(desk.store, case_id)[-1].event_id
    message = notice.Notice(
        origin_id=case.run_id,
        kind="mention",
        risk="MEDIUM",
        title=f"{title}: {case.title}",
        why=[words] if words else [],
        page=f"cases/{case_id}",
        command=f"tieout cases {case.run_id}",
        roles=[f"@{user}" for user in people],
    )
    notice.tell(desk.store, f"mention-{at}", message)
