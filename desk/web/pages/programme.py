"""Programmes: which there are; one with its plan as a chart and its board; a task's paper; workers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from desk.papers import programme_days
from desk.papers.engagement import engagement
from desk.views import programme as views
from desk.web import gantt
from desk.web.endpoints import number, text, to_sign_in, visitor_of
from desk.web.flash import message_of
from desk.web.form_helpers import back, signed_in
from desk.web.open_desk import open_desk
from desk.web.rendering import page
from tools.approvals import requests
from tools.core.errors import UsageError
from tools.programme import records, signing
from tools.programme.records import ProgrammeStanding
from tools.programme.working_papers import workbook
from tools.store import Store, runs, workers

SIZE: Final = 25
LOOK_SECONDS: Final = 1.0
LONGEST_LOOKS: Final = 1_800  # then the browser asks anew, and its sign-in is looked at again


def listed(request: Request) -> Response:
    """Show a page of programmes, the newest first."""
    at = max(1, number(request, "page", 1))
    rows = views.listed(open_desk().store, SIZE + 1, (at - 1) * SIZE)
    values = {"section": "programmes", "rows": rows[:SIZE], "number": at, "more": len(rows) > SIZE}
    return page(request, "programmes.html", values)


def show(request: Request) -> Response:
    """Show a programme: how far it is, its plan, its board, what it asks."""
    return page(request, "programme.html", _values(request))


def live(request: Request) -> Response:
    """Give the part of the page that changes while a programme works."""
    return page(request, "_programme.html", _values(request))


def _values(request: Request) -> dict[str, Any]:
    store, standing = _opened_programme(request)
    root = f"{request.scope.get('root_path', '')}/programmes/{standing.run.run_id}"
    view = views.overview(store, standing)
    question = requests.open_for(store, standing.run.run_id)
    chart = gantt.draw(view["rows"], f"{root}/tasks")
    return {
        "section": "programmes",
        **view,
        "chart": chart,
        "asked": question,
        "base": root,
        "said": message_of(request),
    }


def _opened_programme(request: Request) -> tuple[Store, ProgrammeStanding]:
    store = open_desk().store
    return store, records.load(store, records.find(store, str(request.path_params["run_id"])))


def task(request: Request) -> Response:
    """Show a task: why it stands where it does, its working paper, the form to sign it."""
    store, standing = _opened_programme(request)
    name = str(request.path_params["task"])
    view = views.task_view(store, standing, name)
    person = visitor_of(request).person
    refused = "Sign in to sign this paper."
    if person is not None:
        refused = signing.refusal(store, standing, name, person, view["role"])
    base = f"{request.scope.get('root_path', '')}/programmes/{standing.run.run_id}"
    values = {**view, "run": standing.run, "refused": refused, "base": base, "said": message_of(request)}
    return page(request, "task.html", {"section": "programmes", **values})


async def sign(request: Request, form: FormData) -> Response:
    """Sign a task's paper, or send it back to its preparer."""
    person, name = signed_in(request), str(request.path_params["task"])
    word, conclusion, note = text(form, "word"), text(form, "conclusion"), text(form, "note")
    if word not in {"sign", "refuse"}:
        raise UsageError("choose whether you sign.")

    def act() -> None:
        store, standing = _opened_programme(request)
        run_id = standing.run.run_id
        if word == "refuse":
            signing.refuse(store, run_id, name, person, note)
        else:
            signing.sign(store, run_id, name, person, conclusion=conclusion, note=note)

    await to_thread.run_sync(act)
    return back(request, form, "signed" if word == "sign" else "sent-back")


def show_report(request: Request) -> Response:
    """Show the final report, as it is now."""
    store, standing = _opened_programme(request)
    report = engagement(open_desk().settings, store, standing.run.run_id)
    base = f"{request.scope.get('root_path', '')}/programmes/{standing.run.run_id}"
    values = {"report": report, "entity": standing.programme.definition.entity, "base": base}
    return page(request, "programme_report.html", {"section": "programmes", **values})


def final_report(request: Request) -> Response:
    """Give the final report, as it is now, as JSON or as one page of HTML to keep."""
    form = str(request.path_params["form"])
    if form not in {"json", "html"}:
        raise HTTPException(404, "A report is .json or .html.")
    store, standing = _opened_programme(request)
    report = engagement(open_desk().settings, store, standing.run.run_id)
    if form == "json":
        return JSONResponse(report)
    name = f'attachment; filename="{standing.run.run_id}.html"'
    return Response(workbook.page(report), media_type="text/html", headers={"Content-Disposition": name})


def calendar(request: Request) -> Response:
    """Give a person's tasks, or everybody's, as a calendar (.ics)."""
    _, standing = _opened_programme(request)
    person = request.query_params.get("person", "")
    name = f'attachment; filename="{standing.run.run_id}.ics"'
    written = programme_days.calendar(standing, person)
    return Response(written, media_type="text/calendar", headers={"Content-Disposition": name})


def show_workers(request: Request) -> Response:
    """Show the workers: where they run, whether they live, what they have done."""
    store = open_desk().store
    rows = [{"worker": row, "health": workers.health(store, row)} for row in workers.list_workers(store)]
    return page(request, "workers.html", {"section": "programmes", "rows": rows[:200]})


async def events(request: Request) -> Response:
    """Tell a page by server-sent events when something has happened to its programme."""
    from sse_starlette import EventSourceResponse

    if not visitor_of(request).may_read:
        return to_sign_in(request)
    await to_thread.run_sync(_opened_programme, request)  # else it would never end
    return EventSourceResponse(_changes(request))


async def _changes(request: Request) -> AsyncIterator[dict[str, str]]:
    before = None
    for _ in range(LONGEST_LOOKS):
        last, ended = await to_thread.run_sync(_last_event, request)
        if before is not None and last != before:
            yield {"event": "changed", "data": str(last)}
        before = last
        if ended:
            yield {"event": "ended", "data": ""}
            return
        await asyncio.sleep(LOOK_SECONDS)


def _last_event(request: Request) -> tuple[int, bool]:
    store = open_desk().store
    run = runs.get(store, records.find(store, str(request.path_params["run_id"])))
    return records.last_event(store, run.run_id), run.status in runs.FINAL
