"""Benford's law: bars of what was counted, the curve of what is expected."""

from __future__ import annotations

from matplotlib.axes import Axes

from desk.charts.canvas import ALARM, CALM, INK, svg
from tools.anomaly.digits import Profile

_EACH = 10  # so many digits are named one by one
_STANDS_OUT = 1.96  # z of Nigrini, Benford's Law (2012), 5% two-sided


def benford(profile: Profile) -> str:
    """Draw a digit profile (tools.anomaly.digits.profile); digits that stand out are in another colour."""

    def draw(axes: Axes) -> None:
        digits = [group["digit"] for group in profile["groups"]]
        shares = [group["count"] / profile["n"] for group in profile["groups"]]
        colours = [ALARM if group["z"] > _STANDS_OUT else CALM for group in profile["groups"]]
        axes.bar(digits, shares, color=colours, width=0.8)
        wanted = [group["expected"] / profile["n"] for group in profile["groups"]]
        axes.plot(digits, wanted, color=INK, linewidth=1.2, label="expected")
        axes.set(xlabel=f"{profile['digits'].replace('_', '-')} digits", ylabel="share of amounts")
        if len(digits) <= _EACH:
            axes.set_xticks(digits)
        axes.yaxis.set_major_formatter("{x:.1%}")
        axes.legend(frameon=False)

    mad = f"MAD {profile['mad']:.5f}, {profile['conformity'] or 'against the uniform'}"
    return svg(draw, title=f"Digits of {profile['n']:,} amounts: {mad}")
