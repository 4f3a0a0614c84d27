"""What matched, by pass; and how old what did not match is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from desk.charts.canvas import ALARM, CALM, QUIET, svg

Rows = Sequence[Mapping[str, Any]]
_AGES: Final = ((7, "0-7"), (30, "8-30"), (60, "31-60"), (90, "61-90"))
_OLDEST: Final = "over 90"


def match_rate(matches: Rows, breaks: Rows) -> str:
    """Draw how many rows each pass matched (rows of `match`), beside those left open (rows of `break`).

    A payment and the three invoices that it settles are four rows; a row counts once in each pair.
    """
    sides = {
        (str(row["pass"]), row["pair"], row[side]) for row in matches for side in ("left_key", "right_key")
    }
    passes = Counter(name for name, *_ in sides)
    bars = sorted(passes.items(), key=lambda bar: (bar[1], bar[0]))
    matched = sum(passes.values())
    share = matched / (matched + len(breaks)) if matched or breaks else 1.0

    def draw(axes: Axes) -> None:
        names = ["open", *(name for name, _ in bars)]
        drawn_bars = axes.barh(names, [len(breaks), *(count for _, count in bars)])
        for bar, colour in zip(drawn_bars, [ALARM, *(CALM for _ in bars)], strict=True):
            bar.set_color(colour)
        axes.bar_label(drawn_bars, fmt="{:,.0f}", padding=3)
        axes.margins(x=0.1)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.set(xlabel="rows")

    height = 1.3 + 0.26 * len(bars)
    return svg(draw, title=f"Rows matched, by pass: {share:.1%} of {matched + len(breaks):,}", height=height)


def ageing(breaks: Rows) -> str:
    """Draw how old the open rows are, in days (rows of `break`, with age_days)."""
    counted = Counter(_age(int(row["age_days"] or 0)) for row in breaks)
    labels = [*(label for _, label in _AGES), _OLDEST]

    def draw(axes: Axes) -> None:
        columns = axes.bar(
            labels, [counted[label] for label in labels], color=[QUIET, CALM, CALM, ALARM, ALARM]
        )
        axes.bar_label(columns, fmt="{:,.0f}", padding=2)
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.margins(y=0.1)
        axes.set(xlabel="days", ylabel="open rows")

    return svg(draw, title=f"Ageing of {len(breaks):,} open rows")


def _age(days: int) -> str:
    return next((label for limit, label in _AGES if days <= limit), _OLDEST)
