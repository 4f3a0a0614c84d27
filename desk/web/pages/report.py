"""The weekly report as a page of the desk."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from desk.papers import bounds, render, weekly
from desk.web import chart_cache
from desk.web.open_desk import open_desk
from desk.web.rendering import page
from tools.checks.rules_file import load_rules

_DRAWN = re.compile(r"<svg.*?</svg>", re.DOTALL)  # its styles are inline: here charts are files of their own
CHARTS = {
    "trend": "Flags by week",
    "flags": "Flags by severity",
    "false_positives": "False positives by test",
}


def show(request: Request) -> Response:
    """Show a week: the last seven days, or the one that is named."""
    week = _week(request)
    data = _data(week)
    report = Markup(_DRAWN.sub("", render(data, whole=False)))  # noqa: S704 - the report escapes what it quotes
    has = {
        "trend": True,
        "flags": bool(data["flags"]),
        "false_positives": bool(data["false_positives"]["by_test"]),
    }
    charts = {name: title for name, title in CHARTS.items() if has[name]}
    values = {"section": "report", "told": report, "week": week or "", "charts": charts}
    return page(request, "report.html", values)


def chart(request: Request) -> Response:
    """Draw one of the week's charts."""
    try:
        from desk.charts import weekly as weekly_charts  # noqa: PLC0415 - matplotlib takes a second
    except ImportError:
        raise HTTPException(404, chart_cache.MISSING) from None
    name, data = str(request.path_params["name"]), _data(_week(request))
    if name == "trend":
        return Response(weekly_charts.by_week(data["trend"]), media_type="image/svg+xml")
    if name == "flags" and data["flags"]:
        return Response(weekly_charts.flags_by_severity(data["flags"]), media_type="image/svg+xml")
    if name == "false_positives" and data["false_positives"]["by_test"]:
        text = weekly_charts.false_positives(data["false_positives"]["by_test"])
        return Response(text, media_type="image/svg+xml")
    raise HTTPException(404, "There is no such chart.")


def _week(request: Request) -> str | None:
    return request.query_params.get("week", "").strip()[:20] or None


def _data(week: str | None) -> dict[str, Any]:
    desk = open_desk()
    since, until = bounds(week)
    return weekly(desk.store, since, until, load_rules(desk.settings.rules))
