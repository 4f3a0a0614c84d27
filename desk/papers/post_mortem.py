"""An incident's post-mortem: what was asked, seen, concluded and ruled out, as Markdown or one HTML page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.views.safe_text import visible

_BLANKS = re.compile(r"\n{3,}")
_MARKS = re.compile(r"([\\`*_\[\]<>#|])")


def render(incident: Mapping[str, Any], *, html: bool = False) -> str:
    """Write an incident (desk.views.incident.overview) as HTML, or as Markdown."""
    name = "post_mortem.html.j2" if html else "post_mortem.md.j2"
    text = _templates(html=html).get_template(name).render(incident=incident)
    return _BLANKS.sub("\n\n", text).strip() + "\n"


@cache
def _templates(*, html: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=html,  # noqa: S701 - Markdown has marks of its own, which are escaped by `said`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["said"] = visible if html else _plain
    environment.filters["minute"] = lambda text: str(text)[:16].replace("T", " ")
    environment.filters["share"] = lambda value: f"{value:.0%}"
    return environment


def _plain(text: object) -> str:
    """Show a text in Markdown as it is: a name of the books is no markup."""
    return _MARKS.sub(r"\\\1", " ".join(visible(str(text)).split()))
