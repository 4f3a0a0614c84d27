"""One run: how far it is, what was read, tested and flagged, what it cost, and its trail."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from desk.views.run_overview import overview, tests_of
from desk.views.run_results import Results
from desk.views.untested import missing_of
from desk.web import chart_cache, graph_picture
from desk.web.endpoints import number
from desk.web.flash import message_of
from desk.web.open_desk import OpenDesk, open_desk
from desk.web.rendering import page
from desk.web.run_progress import steps_of
from tools.approvals import requests
from tools.audit import engine_stages, other_rules
from tools.books import manifest
from tools.runs import workspace
from tools.store import runs, trail
from tools.store.models import Run

CHARTS = {
    "matches": "Rows matched, by pass",
    "ageing": "Age of what is open",
    "digits": "First digits of payments against Benford's law",
}
TRAIL_SIZE = 100
PROBLEMS_SHOWN = 20
LIVE = ("open", "paused")


def show(request: Request) -> Response:
    """Show a run."""
    desk = open_desk()
    run = runs.find_any(desk.store, str(request.path_params["run_id"]))
    view = overview(desk.store, desk.settings, run, brief=True)
    results = Results(workspace.run_folder(desk.settings, run.run_id), desk.settings)
    tests = tests_of(results)
    return page(
        request,
        "run.html",
        {
            "section": "runs",
            **view,
            **_progress(desk, run),
            "run": run,
            "other_rules": other_rules.reasons(run),
            "outcome": other_rules.outcome(run),
            "tests": tests,
            "untested": missing_of(tests),
            "spent": trail.spent(desk.store, run.run_id),
            "charts": _charts(results),
            "said": message_of(request),
        },
    )


def live(request: Request) -> Response:
    """Give the part of the page that changes while a run works."""
    desk = open_desk()
    run = runs.find_any(desk.store, str(request.path_params["run_id"]))
    return page(request, "_progress.html", {"run": run, **_progress(desk, run)})


def trail_of(request: Request) -> Response:
    """Show who did what, a page at a time, and whether the chain is whole."""
    desk = open_desk()
    run = runs.find_any(desk.store, str(request.path_params["run_id"]))
    entries = trail.entries(desk.store, run.run_id)
    begin = number(request, "from")
    return page(
        request,
        "trail.html",
        {
            "section": "runs",
            "run": run,
            "entries": entries[begin : begin + TRAIL_SIZE],
            "many": len(entries),
            "begin": begin,
            "size": TRAIL_SIZE,
            "problems": trail.verify(desk.store, run.run_id),
            "shown": PROBLEMS_SHOWN,
        },
    )


def chart(request: Request) -> Response:
    """Draw one of a run's charts."""
    name = str(request.path_params["name"])
    desk = open_desk()
    run = runs.find(desk.store, str(request.path_params["run_id"]))
    folder = workspace.run_folder(desk.settings, run.run_id)
    newest = workspace.newest(folder, "reconciliation")
    if newest is None or name not in _charts(Results(folder, desk.settings)):
        raise HTTPException(404, "There is no such chart.")
    try:
        chart = chart_cache.of_run(name, folder, newest)
    except ImportError:
        raise HTTPException(404, chart_cache.MISSING) from None
    return Response(chart, media_type="image/svg+xml")


def _charts(results: Results) -> dict[str, str]:
    """Name the charts that a run has something to draw for."""
    reconciled = bool(results.files("match") or results.files("break"))
    folder = results.folder / workspace.SNAPSHOT
    kinds = manifest.read(folder).kinds() if (folder / manifest.FILE_NAME).is_file() else []
    has = {"matches": reconciled, "ageing": reconciled, "digits": "payment" in kinds}
    return {name: title for name, title in CHARTS.items() if has[name]}


def _progress(desk: OpenDesk, run: Run) -> dict[str, Any]:
    request = requests.open_for(desk.store, run.run_id)
    steps = steps_of(desk.store, run, asks=request.kind if request else "")
    working = [step["label"] for step in steps if step["state"] == "running"]
    return {
        "steps": steps,
        "stages": engine_stages.of_run(desk.store, run.run_id),
        "picture": graph_picture.draw(run.graph, steps),
        "live": run.status in LIVE,
        "doing": ", ".join(working),
    }
