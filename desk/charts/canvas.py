"""One look for all charts, written as SVG that is the same for the same figures."""

from __future__ import annotations

import io
from collections.abc import Callable
from textwrap import wrap
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

INK: Final = "#1f2a37"
CALM: Final = "#3b6ea5"
ALARM: Final = "#b5533c"
QUIET: Final = "#c9d3de"
# What a severity and a standing look like wherever they are drawn; the pages' badges have the same hues.
OF_SEVERITY: Final = {"CRITICAL": "#9b1c1c", "WARNING": "#d39a2d", "INFO": "#8295a8"}
OF_STATUS: Final = {
    "proposed": "#d39a2d",
    "approved": "#17603a",
    "rejected": QUIET,
    "noted": "#8295a8",
    "skipped": "#5f7183",
    "withdrawn": "#e9eef3",
}
_LINE: Final = 72  # characters of a title's line
_STYLE: Final[dict[Any, Any]] = {
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "svg.fonttype": "none",  # text stays text: searchable, and read aloud
    "svg.hashsalt": "tieout",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def svg(draw: Callable[[Axes], None], *, title: str, width: float = 6.2, height: float = 3.2) -> str:
    """Draw on one pair of axes (inches) and give the SVG, with the title for those who cannot see it."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        axes = figure.subplots()
        draw(axes)
        axes.set_title(_lines(title), fontsize=10.5)
        written = io.StringIO()
        canvas: Any = FigureCanvasSVG(figure)  # matplotlib leaves it untyped
        canvas.print_svg(written, metadata={"Date": None, "Title": title})
    return written.getvalue()


def _lines(title: str) -> str:
    """Break a long title behind what it is of, and what is still too long where it has to be."""
    parts = title.split(": ", 1) if len(title) > _LINE else [title]
    return "\n".join(line for part in parts for line in wrap(part, _LINE))
