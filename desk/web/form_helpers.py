"""What the forms' handlers share: who acts, and the way back to the page they came from."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.web.endpoints import text, visitor_of
from desk.web.rendering import piece, query
from desk.web.sign_in import within
from tools.core.errors import IdentityError
from tools.identity.people import Person


def signed_in(request: Request) -> Person:
    """Give who acts. Raises IdentityError for one who is not signed in."""
    person = visitor_of(request).person
    if person is None or not person.signed_in:
        raise IdentityError("only a person who is signed in may decide.")
    return person


def next_page(request: Request, case_id: str, message: str) -> Response:
    """Lead to the next case, or to the queue where none is left, with what to say there."""
    root = str(request.scope.get("root_path", ""))
    place = f"{root}/cases/{piece(case_id)}?" if case_id else f"{root}/cases?show=decide&"
    return RedirectResponse(f"{place}{query({'said': message})}", status_code=303)


def back(request: Request, form: FormData, message: str) -> Response:
    """Lead back to the page that the form names, when it is one of ours, with what to say there."""
    where = within(request, text(form, "back"))
    place, _, anchor = where.partition("#")
    mark = "&" if "?" in place else "?"
    where = f"{place}{mark}{query({'said': message})}" + (f"#{anchor}" if anchor else "")
    return RedirectResponse(where, status_code=303)
