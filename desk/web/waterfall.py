"""A sum as a waterfall: each step a bar that begins where the one before ended, the total below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from textwrap import shorten
from typing import Final, NamedTuple

from markupsafe import Markup

from desk.web.rendering import visible_text

WIDTH: Final = 380
_LABELS, _VALUES, _ROW, _BAR = 170, 46, 24, 14
_LONGEST: Final = 26  # characters of a label


class Summand(NamedTuple):
    """One summand: what it is called, and how much it adds."""

    label: str
    amount: float


def draw(steps: Iterable[Summand], total: str, *, decimals: int = 0) -> Markup:
    """Draw steps from nothing to their sum as an SVG; "" where nothing is added up. total: its label.

    It is hidden from screen readers: the same figures stand in a table beside it.
    """
    rows = [step for step in steps if step.amount]
    if not rows:
        return Markup("")
    ends = list(accumulate(step.amount for step in rows))
    spans = [*zip([0.0, *ends[:-1]], ends, strict=True), (0.0, ends[-1])]
    low, high = min(0.0, *ends), max(0.0, *ends)
    scale = (WIDTH - _LABELS - _VALUES) / ((high - low) or 1.0)
    lines = [
        _bar(at, step, _place(span, low, scale), decimals)
        for at, (step, span) in enumerate(zip(rows, spans[:-1], strict=True))
    ]
    lines.append(
        _bar(len(rows), Summand(total, ends[-1]), _place(spans[-1], low, scale), decimals, kind="total")
    )
    head = Markup('<svg class="waterfall" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">')
    return head.format(WIDTH, _ROW * len(lines)) + Markup("").join(lines) + Markup("</svg>")


def _place(span: Sequence[float], low: float, scale: float) -> tuple[float, float]:
    """Give where a bar begins and how long it is."""
    first, last = sorted(span)
    return _LABELS + (first - low) * scale, max(1.0, (last - first) * scale)


def _bar(at: int, step: Summand, place: tuple[float, float], decimals: int, *, kind: str = "") -> Markup:
    middle = at * _ROW + _ROW // 2
    return Markup(
        '<text x="0" y="{}">{}</text><rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}" rx="2"/>'
        '<text class="value" x="{}" y="{}">{}</text>'
    ).format(
        middle + 4,
        shorten(visible_text(step.label), _LONGEST, placeholder="…"),
        kind or ("plus" if step.amount > 0 else "minus"),
        place[0],
        middle - _BAR // 2,
        place[1],
        _BAR,
        WIDTH,
        middle + 4,
        f"{step.amount:{'' if kind else '+'}.{decimals}f}",
    )
