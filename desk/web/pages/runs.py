"""The runs, newest first."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from desk.web.desk import opened
from desk.web.rendering import page
from tools.store import queue, runs

SIZE = 25


def show(request: Request) -> Response:
    """Show a page of runs."""
    store = opened().store
    text = request.query_params.get("page", "1")
    number = max(1, int(text)) if text.isdecimal() and len(text) < 5 else 1  # noqa: PLR2004 - below 10,000
    found = runs.list_runs(store, limit=SIZE + 1, offset=(number - 1) * SIZE)
    rows = [{"run": run, "flags": _flags(queue.totals(store, run.run_id))} for run in found[:SIZE]]
    return page(
        request,
        "runs.html",
        {
            "section": "runs",
            "rows": rows,
            "number": number,
            "more": len(found) > SIZE,
            "live": number == 1 and any(run.status == "open" for run in found),
        },
    )


def _flags(totals: list[queue.Total]) -> dict[str, int]:
    counted = dict.fromkeys(("CRITICAL", "WARNING", "INFO"), 0)
    for total in totals:
        if total.status != "withdrawn":
            counted[total.severity] = counted.get(total.severity, 0) + total.many
    return counted
