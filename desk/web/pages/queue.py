"""The queue of cases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from desk.web.opened import opened
from desk.web.rendering import page, query
from tools.core.severity_levels import GRAVEST_FIRST
from tools.store import queue
from tools.store.models import Case, FlagStatus
from tools.store.queue import Key, QueueFilters, Show

STATUSES: tuple[str, ...] = get_args(FlagStatus)
REVIEWS = ("confirmed", "false_positive", "needs_information")
TABS: tuple[tuple[Show, str], ...] = (("decide", "To decide"), ("review", "To review"), ("all", "All cases"))
SIZE = 25
LONGEST = 200
_EXPOSURE = re.compile(r"-?[0-9]{1,18}")  # what a store keeps as a number
_TITLE = re.compile(r"(.*), (\d+ rows?)", re.DOTALL)


def front(request: Request) -> Response:
    """Lead to the tab where work waits."""
    counts = queue.counts(opened().store)
    show = next((name for name, _ in TABS if counts[name]), "all")
    return RedirectResponse(f"{request.scope.get('root_path', '')}/cases?show={show}", status_code=303)


def show(request: Request) -> Response:
    """Show a page of cases."""
    store, filters = opened().store, wanted_of(request.query_params)
    page_of_queue = queue.page(
        store,
        filters,
        after=_key(request.query_params.get("after")),
        before=_key(request.query_params.get("before")),
        size=SIZE,
    )
    standing = queue.standing(store, [case.case_id for case in page_of_queue.cases])
    counts = queue.counts(store)
    params = {name: value for name, value in vars(filters).items() if value}
    return page(
        request,
        "queue.html",
        {
            "section": "queue",
            "rows": [_row(case, standing[case.case_id]) for case in page_of_queue.cases],
            "total": page_of_queue.total,
            "tabs": [(name, label, counts[name]) for name, label in TABS],
            "wanted": filters,
            "choices": queue.choices(store),
            "severities": GRAVEST_FIRST,
            "statuses": STATUSES,
            "reviews": REVIEWS,
            "narrowed": bool(set(params) - {"show"}),
            "next": query({**params, "after": _text(page_of_queue.after)}) if page_of_queue.after else "",
            "previous": query({**params, "before": _text(page_of_queue.before)})
            if page_of_queue.before
            else "",
        },
    )


def wanted_of(params: Mapping[str, str]) -> QueueFilters:
    """Read the filters; what is not one of ours does not narrow."""

    def one_of(name: str, allowed: tuple[str, ...]) -> str:
        value = params.get(name, "")
        return value if value in allowed else ""

    show: Show = next((tab for tab, _ in TABS if tab == params.get("show")), "all")
    return QueueFilters(
        show=show,
        severity=one_of("severity", GRAVEST_FIRST),
        status=one_of("status", STATUSES),
        review=one_of("review", REVIEWS),
        vendor=params.get("vendor", "").strip()[:LONGEST],
        test=params.get("test", "").strip()[:LONGEST],
        text=params.get("text", "").strip()[:LONGEST],
        run_id=params.get("run_id", "").strip()[:LONGEST],
    )


def _row(case: Case, standing: Mapping[str, int]) -> dict[str, Any]:
    return {"case": case, "name": name_of(case), **dict.fromkeys(STATUSES, 0), **standing}


def name_of(case: Case) -> dict[str, str]:
    """Take a case's title apart: what kind of thing it is, whom it is about, how many rows."""
    details: Mapping[str, Any] = case.details
    family = str(details.get("family", ""))
    title = case.title.removeprefix(f"{family.replace('_', ' ')}: ")
    parts = _TITLE.fullmatch(title) if family else None
    name, rows = parts.groups() if parts else (title, "")
    return {"family": family, "name": name, "rows": rows}


def _key(text: str | None) -> Key | None:
    exposure, _, case_id = (text or "").partition("~")
    return Key(int(exposure), case_id) if _EXPOSURE.fullmatch(exposure) and case_id else None


def _text(key: Key | None) -> str:
    return f"{key.exposure}~{key.case_id}" if key else ""
