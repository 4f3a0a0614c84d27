"""Whether chances come true: the share that was won, over the chance that was given."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from desk.charts.canvas import CALM, INK, QUIET, svg


def reliability(bins: Sequence[tuple[int, float, float]], brier: float | None) -> str:
    """Draw a point for each bin (n, mean chance, share won), on the line where both are the same."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=QUIET, linestyle="--")
        axes.plot([row[1] for row in bins], [row[2] for row in bins], color=CALM, marker="o")
        for n, chance, won in bins:
            axes.annotate(f"n = {n:,}", (chance, won), (6, -12), textcoords="offset points", color=INK)
        axes.set(xlim=(0, 1), ylim=(-0.05, 1.05), xlabel="chance given at first", ylabel="share won")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: f"{value:.0%}")

    total = sum(row[0] for row in bins)
    score = f", Brier score {brier:.3f}" if brier is not None else ""
    return svg(draw, title=f"Chances given and what came of {total:,} claims{score}", height=3.4)
