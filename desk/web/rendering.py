"""Make pages from templates: everything escaped, money and times worded the same everywhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from desk.approvals.reasons import DISMISSALS
from desk.views.safe_text import UNSEEN
from desk.web.visitor import Visitor
from tools.core import formatting, money
from tools.core.clock import clock

HERE = Path(__file__).parent
NAV = (
    ("queue", "Queue", "/cases"),
    ("books", "Books", "/books"),
    ("runs", "Runs", "/runs"),
    ("programmes", "Programmes", "/programmes"),
    ("ask", "Ask", "/ask"),
    ("feedback", "Feedback", "/feedback"),
    ("recovery", "Recovery", "/claims"),
    ("incidents", "Incidents", "/incidents"),
    ("report", "Report", "/report"),
    ("lineage", "Lineage", "/lineage"),
    ("health", "Health", "/health"),
)
_UNSEEN = re.compile(f"(?![\t\n]){UNSEEN.pattern}")  # a page lays lines out by itself
_LONG = 400
_LONGEST = 1_200  # of any text on a page
_GIST = 120
_HOUR, _DAY = 3600, 86400


def page(
    request: Request, template: str, values: Mapping[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """Render a template for a request; `values` are its own."""
    visitor: Visitor = request.scope["visitor"]
    common = {
        "root": request.scope.get("root_path", ""),
        "visitor": visitor,
        "person": visitor.person,
        "nav": NAV,
        "path": str(request.scope["path"]),
        "here": address_of(request),
    }
    text = environment().get_template(template).render({"section": "", **common, **(values or {})})
    return HTMLResponse(text, status_code=status)


def address_of(request: Request) -> str:
    """Give the path and the query that were asked for; not by the host, which may be no address."""
    query_string = bytes(request.scope.get("query_string", b"")).decode("latin-1")
    return str(request.scope["path"]) + (f"?{query_string}" if query_string else "")


@cache
def environment() -> Environment:
    """Give the templates, with autoescape on for all of them."""
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        finalize=_finally,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= {
        "amount": amount,
        "decimal": decimal,
        "count": count,
        "when": when,
        "ago": ago,
        "seen": visible_text,
        "short": short,
        "words": words,
        "query": query,
        "piece": piece,
        "share": share,
        "hours": hours,
        "noun": noun,
        "passage": passage,
        "gist": gist,
    }
    templates.globals["dismissals"] = DISMISSALS
    return templates


def noun(kind: object) -> str:
    """Name a row of a kind at the start of a line: "Bank line"."""
    name = formatting.noun(str(kind or "row"))
    return name[:1].upper() + name[1:]


def _finally(value: object) -> object:
    return short(value, _LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value


def amount(minor: int | None, currency: str | None) -> str:
    """Word minor units with their currency: 1,234.50 USD."""
    return "" if minor is None else money.to_display(minor, currency or "")


def decimal(text: str | None) -> str:
    """Group the digits of decimal text; what is no number stays as it is."""
    if text is None:
        return ""
    try:
        return f"{Decimal(text):,}"
    except ArithmeticError:
        return text


def count(number: float | None) -> str:
    """Group the digits of a whole number."""
    return "" if number is None else f"{number:,}"


def hours(number: float | None) -> str:
    """Word hours for a reader: "45 min", "8.5 h"."""
    if number is None:
        return ""
    return f"{number * 60:.0f} min" if number < 1 else f"{round(number, 1):g} h"


def share(number: float | None) -> str:
    """Word a share of one as per cent."""
    return "" if number is None else f"{number:.0%}"


def when(moment: datetime | date | str | None) -> Markup:
    """Give a `time` element, to the minute, in UTC."""
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return escape(short(moment, 60))
    if moment is None:
        return Markup("")
    if not isinstance(moment, datetime):
        return Markup('<time datetime="{0}">{0}</time>').format(moment.isoformat())
    moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    template = Markup('<time datetime="{}">{}</time>')
    return template.format(moment.isoformat(timespec="seconds"), f"{moment:%Y-%m-%d %H:%M}")


def ago(moment: datetime | str | None) -> str:
    """Word how long ago a time is: 5 min, 3 h, 2 days."""
    if moment is None:
        return ""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    seconds = int((clock().now() - moment.replace(tzinfo=moment.tzinfo or UTC)).total_seconds())
    if seconds < _HOUR:
        return f"{max(seconds, 0) // 60} min"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} h"
    return f"{seconds // _DAY} days"


def visible_text(text: object) -> str:
    """Show what does not show, or turns the line round, by its number: a name can't pretend to be another."""
    return _UNSEEN.sub(lambda match: f"[U+{ord(match.group()):04X}]", "" if text is None else str(text))


def short(text: object, most: int = _LONG) -> str:
    """Cut a text that would fill the page."""
    visible = visible_text(text)
    return visible if len(visible) <= most else f"{visible[:most]}… ({len(visible):,} characters)"


def passage(text: object) -> Markup:
    """Show a whole text that a person reads or edits: a letter, a mail. Nothing of it is cut."""
    return escape(visible_text(text))


def gist(text: object) -> str:
    """Give how a text begins, on one line."""
    line = " ".join(visible_text(text).split())
    return line if len(line) <= _GIST else f"{line[:_GIST]}…"


def words(name: object) -> str:
    """Word a name of the desk's own: "false_positive" is "false positive"."""
    return visible_text(name).replace("_", " ")


def query(values: Mapping[str, Any]) -> str:
    """Write a query string, without what is empty."""
    return urlencode({name: value for name, value in values.items() if value not in (None, "")})


def piece(text: object) -> str:
    """Quote a text as one piece of a path."""
    return quote(str(text), safe="")
