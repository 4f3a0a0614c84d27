"""One case: what was posted, why it is suspicious, what it was held against, and what people say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk import reviews
from desk.views import flag_dossier
from desk.views.flag_explained import explanation
from desk.web import chart_cache, waterfall
from desk.web.decision_options import about_case
from desk.web.endpoints import number, visitor_of
from desk.web.flash import message_of
from desk.web.open_desk import OpenDesk, open_desk
from desk.web.pages import case_people
from desk.web.pages.approvals import BRIEF
from desk.web.pages.queue import name_of
from desk.web.rendering import page, piece
from tools.core.errors import IdentityError, RunError
from tools.identity.people import Person
from tools.store import case_events, case_flags, cases, flags, queue, runs
from tools.store.models import Case, Flag

SIZE = 50


def show(request: Request) -> Response:
    """Show a case with one of its flags open."""
    desk = open_desk()
    case = cases.get(desk.store, str(request.path_params["case_id"]))
    begin = number(request, "from")
    flags_shown = case_flags.flags_of(desk.store, case.case_id, limit=SIZE, offset=begin)
    named = request.query_params.get("flag")
    flag = _selected_flag(desk, flags_shown, named, case)
    person = visitor_of(request).person
    run = runs.get(desk.store, case.run_id)
    earlier, later = queue.neighbours(desk.store, case)
    standing = case_flags.status_counts(desk.store, [case.case_id])[case.case_id]
    return page(
        request,
        "case.html",
        {
            "section": "queue",
            "case": case,
            "name": name_of(case),
            "run": run,
            "flags": flags_shown,
            "begin": begin,
            "size": SIZE,
            "many": sum(standing.values()) - standing["unreviewed"],
            "standing": standing,
            "flag": flag,
            "told": _details(desk, flag) if flag else None,
            "waiting": about_case(desk.store, case, person),
            "answers": BRIEF,
            "people": case_people.users(desk),
            "assignee": case_events.assignees(desk.store, [case.case_id]).get(case.case_id, ""),
            "talk": case_events.history(desk.store, case.case_id),
            "review_refused": _may_review(person),
            "earlier": earlier,
            "later": later,
            "said": message_of(request),
        },
    )


def of_flag(request: Request) -> Response:
    """Lead to a flag in its case; a flag without one is shown by its lineage."""
    root = request.scope.get("root_path", "")
    flag = flags.get(open_desk().store, str(request.path_params["flag_id"]))
    if flag.case_id is None:
        return RedirectResponse(f"{root}/lineage?name={piece(flag.flag_id)}", status_code=303)
    return RedirectResponse(f"{root}/cases/{piece(flag.case_id)}?flag={piece(flag.flag_id)}", status_code=303)


def vendor_chart(request: Request) -> Response:
    """Draw the amounts of a flag's vendor over time, with those of its case standing out."""
    desk = open_desk()
    flag = flags.get(desk.store, str(request.path_params["flag_id"]))
    vendor = flag_dossier.vendor_of(desk.settings, flag)
    if vendor is None:
        raise HTTPException(404, "This flag has no vendor to draw.")
    flags_of_case = case_flags.flags_of(desk.store, flag.case_id or "", limit=SIZE)
    try:
        chart = chart_cache.vendor(
            flag.run_id, vendor, str(flag.kind), frozenset(neighbour.row_key for neighbour in flags_of_case)
        )
    except ImportError:
        raise HTTPException(404, chart_cache.MISSING) from None
    return Response(chart, media_type="image/svg+xml")


def _details(desk: OpenDesk, flag: Flag) -> dict[str, Any]:
    beside = flag_dossier.of(desk.settings, flag)
    details = explanation(desk.store, flag.flag_id)
    points = sum(int(step.get("points") or 0) for step in details["severity_steps"])
    return {
        **details,
        "lines": flag_dossier.compared(beside["row"], beside["candidates"]),
        "candidates": beside["candidates"],
        "weighed": [_weighed(candidate) for candidate in beside["candidates"] if candidate.get("parts")],
        "vendor": bool(beside["row"])
        and flag.kind in flag_dossier.DRAWN
        and bool(beside["row"]["vendor_key"]),
        "points": min(points, 100),
        "waterfall": waterfall.draw(_added(details["severity_steps"]), "sum"),
        "paragraphs": [line for line in flag.explanation.split("\n") if line],
    }


def _weighed(candidate: Mapping[str, Any]) -> dict[str, Any]:
    """Give a match's parts with their waterfall."""
    summands = [waterfall.Summand(part["what"], part["weight"]) for part in candidate["parts"]]
    return {**candidate, "waterfall": waterfall.draw(summands, "log-odds", decimals=1)}


def _added(steps: list[Mapping[str, Any]]) -> list[waterfall.Summand]:
    return [waterfall.Summand(str(step["what"]), float(step.get("points") or 0)) for step in steps]


def _selected_flag(desk: OpenDesk, flags_shown: list[Flag], named: str | None, case: Case) -> Flag | None:
    if named is None:
        return next((flag for flag in flags_shown if _names(flag, case)), next(iter(flags_shown), None))
    flag = flags.get(desk.store, named)
    if flag.case_id != case.case_id:
        raise RunError(f"flag {flag.flag_id} is of another case.")
    return flag


def _names(flag: Flag, case: Case) -> bool:
    """Say whether a flag's lead test is of the family that its case is called by."""
    leading = [test.get("family") for test in flag.tests if test.get("test") == flag.lead_test]
    return flag.status != "withdrawn" and name_of(case)["family"] in leading


def _may_review(person: Person | None) -> str:
    """Say why this person may not review, or ""."""
    if person is None:
        return "Sign in to review."
    try:
        reviews.refuse_without_right_to_review(person)
    except IdentityError as error:
        return error.message
    return ""
