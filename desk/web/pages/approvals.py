"""What waits for a person, the longest waiting first, and what happens on each answer."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from desk.approvals import decide
from desk.web.decision_options import subjects_for
from desk.web.endpoints import visitor_of
from desk.web.flash import message_of
from desk.web.open_desk import OpenDesk, open_desk
from desk.web.rendering import page
from tools.approvals import requests
from tools.audit.thresholds import ChangeableThreshold, thresholds
from tools.checks.rules_file import load_rules
from tools.runs import run_rules, workspace
from tools.store import runs
from tools.store.models import ApprovalRequest

ANSWERS = {
    "approve": "It stands: act on it. The flags are approved; with all cases decided the run closes.",
    "reject": "Nothing is done about it. The flags stay on record as rejected, with your name and note.",
    "edit": "The case takes the severity that you set, is judged again, and is asked again.",
    "skip": "Nobody has decided: the flags are on record as skipped; they can still be reviewed.",
    "retry": "The checks that did not finish run again, then the gate is asked again if it must be.",
}
BRIEF = {
    "approve": "It stands: act on it.",
    "reject": "Nothing is done; it stays on record with your name.",
    "edit": "It is judged again, and asked again.",
    "skip": "Nobody has decided; it can still be reviewed.",
    "retry": "The checks that did not finish run again.",
}
GATE = {
    "approve": "The run goes on: documents are looked for, flags are judged, and their approval is asked.",
    "reject": "The run stops and closes. Its window stays recorded as stopped, not as clean.",
    "retry": ANSWERS["retry"],
}

CHANGES = {
    "approve": "It happens as described, under your name.",
    "reject": "It does not happen. It stays on record as rejected, with your name and note.",
    **{word: ANSWERS[word] for word in ("edit", "skip", "retry")},
}


def _thresholds(desk: OpenDesk, request: ApprovalRequest) -> dict[str, list[ChangeableThreshold]]:
    """Give the thresholds that a request of flags lets people change, by what a change brings."""
    if request.kind != "flags":
        return {}
    folder = workspace.run_folder(desk.settings, request.run_id)
    kept = (folder / run_rules.RULES).is_file()
    rules = workspace.rules_in_force(folder) if kept else load_rules(desk.settings.rules)
    groups: dict[str, list[ChangeableThreshold]] = {}
    for threshold in thresholds(rules):
        groups.setdefault(threshold.group, []).append(threshold)
    return groups


def show(request: Request) -> Response:
    """Show all open requests."""
    desk = open_desk()
    person = visitor_of(request).person
    views: list[dict[str, Any]] = []
    for waiting in requests.waiting(desk.store):
        opened_request = decide.with_votes(desk.store, waiting)
        subjects = subjects_for(opened_request, person)
        view = {**opened_request.view, "run": runs.get(desk.store, waiting.run_id), "subjects": subjects}
        views.append({**view, "thresholds": _thresholds(desk, waiting)})
    return page(
        request,
        "approvals.html",
        {
            "section": "queue",
            "asked": views,
            "answers": ANSWERS,
            "gate": GATE,
            "changes": CHANGES,
            "said": message_of(request),
        },
    )
