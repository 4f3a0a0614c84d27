"""Incidents: which there are, and one whole: hypotheses, evidence with its query and a small chart, cost."""

from __future__ import annotations

from typing import Any, Final

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from desk import incidents as acting
from desk.papers import post_mortem
from desk.views.incident import overview
from desk.views.incident_summary import in_short
from desk.web.endpoints import number, text, visitor_of
from desk.web.flash import message_of
from desk.web.form_helpers import back, signed_in
from desk.web.open_desk import open_desk
from desk.web.rendering import page
from tools.core.errors import IdentityError
from tools.identity.people import Person
from tools.store import incidents

SIZE: Final = 25
WIDTH, HEIGHT = 160, 36
_MEDIA: Final = {"md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8"}


def listed(request: Request) -> Response:
    """Show a page of incidents, the newest first."""
    at = max(1, number(request, "page", 1))
    rows = incidents.find(open_desk().store, limit=SIZE + 1, offset=(at - 1) * SIZE)
    values = {"section": "incidents", "rows": rows[:SIZE], "number": at, "more": len(rows) > SIZE}
    return page(request, "incidents.html", values)


def show(request: Request) -> Response:
    """Show one incident."""
    store = open_desk().store
    whole = overview(store, incidents.get(store, str(request.path_params["incident_id"])))
    for observation in whole["observations"]:
        observation["points"] = chart_points(observation["series"])
    standing = [row for row in whole["hypotheses"] if row["grounding"] != "RULED_OUT"]
    values = {
        "section": "incidents",
        "incident": whole,
        "in_short": in_short(whole["kind"], whole["observations"], whole["hypotheses"]),
        "standing": standing,
        "ruled_out": [row for row in whole["hypotheses"] if row["grounding"] == "RULED_OUT"],
        "texts": {row["observation_id"]: row["text"] for row in whole["observations"]},
        "refused": _refusal(visitor_of(request).person),
        "message": message_of(request),
        "width": WIDTH,
        "height": HEIGHT,
    }
    return page(request, "incident.html", values)


def report(request: Request) -> Response:
    """Give the post-mortem as Markdown or HTML."""
    form = str(request.path_params["form"])
    if form not in _MEDIA:
        raise HTTPException(404, "A report is .md or .html.")
    store = open_desk().store
    whole = overview(store, incidents.get(store, str(request.path_params["incident_id"])))
    name = f"attachment; filename={whole['incident_id']}.{form}"
    written = post_mortem.render(whole, html=form == "html")
    return Response(written, media_type=_MEDIA[form], headers={"Content-Disposition": name})


async def judge(request: Request, form: FormData) -> Response:
    """Record a verdict on a hypothesis."""
    person, store = signed_in(request), open_desk().store
    name, verdict, on = str(request.path_params["incident_id"]), text(form, "verdict"), text(form, "on")
    note = text(form, "note")
    await to_thread.run_sync(lambda: acting.judge(store, person, name, verdict, on=on, note=note))
    return back(request, form, "reviewed")


def chart_points(series: list[list[Any]]) -> str:
    """Give a series as the points of a small line, from left to right; "" of fewer than two."""
    values = [float(value) for _, value in series]
    if len(values) < 2:  # noqa: PLR2004 - a line has two ends
        return ""
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    step = (WIDTH - 4) / (len(values) - 1)
    points = (
        (2 + at * step, HEIGHT - 3 - (value - low) / spread * (HEIGHT - 6)) for at, value in enumerate(values)
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _refusal(person: Person | None) -> str:
    if person is None:
        return "Sign in to say whether it was right."
    try:
        acting.require_reviewer(person)
    except IdentityError as error:
        return error.message
    return ""
