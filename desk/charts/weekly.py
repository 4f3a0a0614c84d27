"""What a week came to: flags by severity and status, false positives by test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from matplotlib.axes import Axes

from desk.charts.canvas import CALM, INK, OF_SEVERITY, OF_STATUS, svg
from tools.core.severity_levels import SEVERITIES

Rows = Sequence[Mapping[str, Any]]
_WORDS: Final = {
    "proposed": "to decide",
    "approved": "upheld",
    "rejected": "dismissed",
    "skipped": "left open",
}
_MOST: Final = 12


def flags_by_severity(flags: Rows) -> str:
    """Draw a bar for each severity, in parts by what became of the flags (rows: severity, statuses)."""
    names = [str(row["severity"]) for row in flags]

    def draw(axes: Axes) -> None:
        offsets = [0] * len(names)
        for status in sorted({status for row in flags for status in row["statuses"]}):
            counts = [int(row["statuses"].get(status, 0)) for row in flags]
            axes.barh(
                names,
                counts,
                left=offsets,
                color=OF_STATUS.get(status, INK),
                label=_WORDS.get(status, status),
            )
            offsets = [before + count for before, count in zip(offsets, counts, strict=True)]
        axes.invert_yaxis()
        axes.set(xlabel="flags")
        axes.legend(frameon=False)

    total = sum(int(row["count"]) for row in flags)
    return svg(draw, title=f"{total:,} flags by severity", height=1.0 + 0.5 * len(names))


def by_week(weeks: Rows) -> str:
    """Draw the flags raised in each week, in parts by severity (rows: week, a count for each severity)."""
    names = [str(row["week"])[5:] for row in weeks]

    def draw(axes: Axes) -> None:
        below = [0] * len(names)
        for severity in SEVERITIES:
            counts = [int(row[severity]) for row in weeks]
            axes.bar(names, counts, bottom=below, color=OF_SEVERITY[severity], label=severity)
            below = [before + count for before, count in zip(below, counts, strict=True)]
        axes.set(xlabel="week from", ylabel="flags")
        axes.legend(frameon=False, reverse=True)

    total = sum(int(row[severity]) for row in weeks for severity in SEVERITIES)
    return svg(draw, title=f"{total:,} flags by week", height=2.6)


def false_positives(rates: Rows) -> str:
    """Draw the share of false positives by test with its bounds (rows: name, rate, low, high, reviewed)."""
    shown = list(rates)[:_MOST]

    def draw(axes: Axes) -> None:
        names = [f"{row['name']} (n = {row['reviewed']})" for row in shown]
        share = [float(row["rate"]) for row in shown]
        spread = [
            [max(0.0, rate - float(row["low"])) for rate, row in zip(share, shown, strict=True)],
            [max(0.0, float(row["high"]) - rate) for rate, row in zip(share, shown, strict=True)],
        ]
        axes.barh(names, share, color=CALM, xerr=spread, ecolor=INK, capsize=2)
        axes.invert_yaxis()
        axes.set(xlim=(0, 1), xlabel="share of reviewed flags that were false")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")

    return svg(draw, title="False positives by test, with 95% bounds", height=1.0 + 0.35 * len(shown))
