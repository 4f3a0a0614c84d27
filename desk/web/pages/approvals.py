"""What waits for a person, the longest waiting first, and what happens on each answer."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from desk.views.run_overview import open_request
from desk.web.decision_options import subjects_for
from desk.web.endpoints import visitor_of
from desk.web.flash import said
from desk.web.opened import opened
from desk.web.rendering import page
from tools.store import approvals, runs

ANSWERS = {
    "approve": "The flags stand, recorded as approved. When every case has its people, the run closes.",
    "reject": "The flags are dismissed. They stay on record as rejected, with your name and note.",
    "edit": "The case takes the severity that you set, is judged again, and is asked again.",
    "skip": "The flags stay undecided, on record as skipped; they can still be reviewed.",
    "retry": "The checks that did not finish run again, then the gate is asked again if it must be.",
}
GATE = {
    "approve": "The run goes on: documents are looked for, flags are judged, and their approval is asked.",
    "reject": "The run stops and closes. Its window stays recorded as stopped, not as clean.",
    "retry": ANSWERS["retry"],
}


def show(request: Request) -> Response:
    """Show all open requests."""
    desk = opened()
    person = visitor_of(request).person
    asked: list[dict[str, Any]] = []
    for one in approvals.waiting(desk.store):
        run = runs.get(desk.store, one.run_id)
        told = open_request(desk.store, one)
        asked.append({**told, "run": run, "subjects": subjects_for(told, person, run.started_by)})
    return page(
        request,
        "approvals.html",
        {"section": "approvals", "asked": asked, "answers": ANSWERS, "gate": GATE, "said": said(request)},
    )
