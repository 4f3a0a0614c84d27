"""Benford's law: bars of what was counted, the curve of what is expected."""

from __future__ import annotations

from typing import Final

from matplotlib.axes import Axes

from desk.charts.canvas import ALARM, CALM, INK, svg
from tools.checks.anomaly.digits import DigitCount, DigitProfile

_EACH: Final = 10  # so many digits are named one by one
_STANDS_OUT: Final = 1.96  # z of Nigrini, Benford's Law (2012), 5% two-sided
_BESIDE: Final = 4  # digits from which on two labels have room
_NAMED: Final = 5  # of many digits, so many that stand out most are named


def benford(profile: DigitProfile, of: str = "amounts") -> str:
    """Draw a digit profile (tools.anomaly.digits.profile); digits that stand out are in another colour.

    of: what was counted, as the title says it: "payments in USD".
    """
    groups = profile["groups"]
    size = max(profile["n"], 1)
    odd = [group for group in groups if group["z"] > _STANDS_OUT]

    def draw(axes: Axes) -> None:
        for colour, label, shown in (
            (CALM, "counted", [group for group in groups if group not in odd]),
            (ALARM, f"apart from it (z over {_STANDS_OUT})", odd),
        ):
            if shown:
                axes.bar(
                    [group["digit"] for group in shown],
                    [group["count"] / size for group in shown],
                    color=colour,
                    width=0.8,
                    label=label,
                )
        digits = [group["digit"] for group in groups]
        shares = [group["expected"] / size for group in groups]
        axes.plot(digits, shares, color=INK, linewidth=1.2, label="expected")
        axes.set(xlabel=f"{profile['digits'].replace('_', '-')} digits", ylabel="share")
        if len(digits) <= _EACH:
            axes.set_xticks(digits)
        else:
            axes.set_xticks(range(digits[0], digits[-1] + 1, 10))
            _name(axes, odd, size)
        axes.yaxis.set_major_formatter("{x:.0%}" if len(digits) <= _EACH else "{x:.1%}")
        axes.legend(frameon=False)

    return svg(draw, title=f"Digits of {profile['n']:,} {of}: {_conformity(profile)}")


def _name(axes: Axes, odd: list[DigitCount], size: int) -> None:
    """Write the digits that stand out most over their bars: of ninety nobody counts them."""
    named: list[int] = []
    axes.margins(y=0.1)
    most = sorted((group for group in odd if group["difference"] > 0), key=lambda group: -group["z"])
    for group in most[:_NAMED]:
        if any(abs(group["digit"] - digit) < _BESIDE for digit in named):
            continue  # it would be written over the other
        named.append(group["digit"])
        place = (group["digit"], group["count"] / size)
        axes.annotate(
            str(group["digit"]), place, xytext=(0, 2), textcoords="offset points", ha="center", fontsize=8
        )


def _conformity(profile: DigitProfile) -> str:
    """Say how far they are from what is expected, and whether chance does as much among so few."""
    mad = f"MAD {profile['mad']:.5f}"
    if profile["excess_mad"] <= 0:
        return f"{mad}, no more than chance"
    conformity = profile["conformity"] or "against the uniform"
    return f"{mad}, by chance {profile['usual_mad']:.5f}: {conformity}"
