"""Ask in plain words: an answer with its query and rows, readings to choose from, or why there is none."""

from __future__ import annotations

from typing import Any, Final

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk import front_desk
from desk.cli.answer_page import rows_of
from desk.front_desk import SentenceResult
from desk.web import bar_chart
from desk.web.endpoints import number, text, visitor_of
from desk.web.form_helpers import signed_in
from desk.web.open_desk import open_desk
from desk.web.rendering import page, query
from tools.core.errors import UsageError
from tools.front_desk.sentence import MOST_CHARACTERS
from tools.store import desk_requests, runs

RECENT: Final = 10


def show(request: Request) -> Response:
    """Show the form, the request that the address names, and what this person asked before."""
    desk, person = open_desk(), visitor_of(request).person
    run_id = request.query_params.get("run", "")
    context = desk_requests.get(desk.store, run_id) if run_id else None
    standing = front_desk.result_of(context) if context else None
    recent = desk_requests.list_contexts(desk.store, by=person.user, limit=RECENT) if person else []
    return page(
        request,
        "ask.html",
        {
            "section": "ask",
            "standing": standing,
            "question": context.text if context else "",
            "rows": (rows := _rows(standing)),
            "other_rows": [rows_of(other) for other in standing.result.get("others", ())] if standing else [],
            "chart": bar_chart.draw(rows, standing.echo if standing else ""),
            "recent": [entry for entry in recent if entry.text],
            "longest": MOST_CHARACTERS,
            "may": person is not None and person.may("start"),
            "not_done": front_desk.NOT_DONE,
            "most_rows": number(request, "most", 50),
        },
    )


def _rows(standing: SentenceResult | None) -> list[dict[str, Any]]:
    return rows_of(standing.result) if standing and standing.result.get("answer") else []


async def put(request: Request, form: FormData) -> Response:
    """Put a sentence to the desk, as the person who is signed in."""
    signed_in(request)
    token, words = visitor_of(request).token, text(form, "text", MOST_CHARACTERS)
    standing = await to_thread.run_sync(lambda: front_desk.ask(words, token=token))
    return _to(request, standing)


async def choose(request: Request, form: FormData) -> Response:
    """Choose one of the readings that were offered."""
    signed_in(request)
    token, word = visitor_of(request).token, text(form, "choice")
    if not word.isdecimal():
        raise UsageError("choose one of the readings.")
    run_id = str(request.path_params["run_id"])
    thread = await to_thread.run_sync(lambda: runs.get(open_desk().store, run_id).thread_id)
    standing = await to_thread.run_sync(lambda: front_desk.pick(thread, int(word), token=token))
    return _to(request, standing)


def _to(request: Request, standing: SentenceResult) -> Response:
    root = request.scope.get("root_path", "")
    return RedirectResponse(f"{root}/ask?{query({'run': standing.run_id})}", status_code=303)
