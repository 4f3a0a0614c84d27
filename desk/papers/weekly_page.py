"""The report as one HTML page: no script, nothing from the network; names of the books are escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from desk.views.safe_text import visible


def render(data: Mapping[str, Any], *, whole: bool = True) -> str:
    """Write a report's figures as HTML: a page of its own, or the part that another page takes in."""
    charts = _charts(data)
    return _templates().get_template("weekly.html.j2").render(data=data, charts=charts, whole=whole)


def _charts(data: Mapping[str, Any]) -> dict[str, Markup]:
    """Draw the charts; without matplotlib the tables say it all."""
    try:
        from desk.charts import weekly  # noqa: PLC0415 - matplotlib takes a second, and may be missing
    except ImportError:
        return {}
    charts = {"trend": weekly.by_week(data["trend"])}
    if data["flags"]:
        charts["flags"] = weekly.flags_by_severity(data["flags"])
    if data["false_positives"]["by_test"]:
        charts["false_positives"] = weekly.false_positives(data["false_positives"]["by_test"])
    return {name: _inline(text) for name, text in charts.items()}


def _inline(svg: str) -> Markup:
    return Markup(svg[svg.index("<svg") :])  # noqa: S704 - our own drawing: matplotlib escapes its text


def _money(rows: Sequence[Mapping[str, str]]) -> str:
    return ", ".join(f"{Decimal(row['amount']):,} {row['currency']}" for row in rows) or "nothing"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["said"] = visible
    environment.filters["day"] = lambda text: str(text)[:10]
    environment.filters["money"] = _money
    environment.filters["grouped"] = lambda figure: f"{Decimal(figure):,}"
    environment.filters["share"] = lambda value: f"{value:.0%}"
    return environment
