"""The runs, newest first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from desk.views.store_rows import run_row
from desk.web.endpoints import number
from desk.web.open_desk import open_desk
from desk.web.rendering import page
from tools.core.severity_levels import GRAVEST_FIRST
from tools.store import case_flags, runs

SIZE = 25


def show(request: Request) -> Response:
    """Show a page of runs."""
    store = open_desk().store
    at = max(1, number(request, "page", 1))
    listed = runs.list_runs(store, limit=SIZE + 1, offset=(at - 1) * SIZE)
    rows = [
        {"run": run_row(run), "flags": _flags(case_flags.totals(store, run.run_id))} for run in listed[:SIZE]
    ]
    return page(
        request,
        "runs.html",
        {
            "section": "runs",
            "rows": rows,
            "number": at,
            "more": len(listed) > SIZE,
            "live": at == 1 and any(run.status == "open" for run in listed),
        },
    )


def _flags(totals: list[case_flags.Total]) -> dict[str, int]:
    counted = dict.fromkeys(map(str, GRAVEST_FIRST), 0)
    for total in totals:
        if total.status != "withdrawn":
            counted[total.severity] = counted.get(total.severity, 0) + total.many
    return counted
