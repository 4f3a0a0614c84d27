"""Draw the parts of an answer as bars: SVG of shapes and classes alone; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from markupsafe import Markup

LABEL, WIDTH, ROW = 190, 420, 24
_MOST: Final = 24
_LETTERS: Final = 28  # of a label that fit
_HEAD: Final = Markup('<svg class="bars" viewBox="0 0 {} {}" role="img" aria-label="{}">')
_BAR: Final = Markup(
    '<text class="label" x="0" y="{}">{}</text><rect class="{}" x="{}" y="{}" width="{}" height="14" rx="2"/>'
)


def draw(values: Sequence[Mapping[str, Any]], title: str) -> Markup:
    """Draw a bar a part (rows of part, currency, value), from zero, negative ones to the left.

    A chart a currency: they have no common axis. Nothing is drawn of fewer than two parts, or of days.
    """
    currencies = list(dict.fromkeys(str(row["currency"]) for row in values))
    charts = [
        _chart(_bars([row for row in values if row["currency"] == currency]), f"{title}, {currency}")
        for currency in currencies
    ]
    return Markup("").join(charts) if len(currencies) > 1 else _chart(_bars(values), title)


def _bars(values: Sequence[Mapping[str, Any]]) -> list[tuple[str, float]]:
    numbers = [(str(row["part"]), _number(row["value"])) for row in values[:_MOST]]
    return [(part, number) for part, number in numbers if number is not None]


def _chart(shown: Sequence[tuple[str, float]], title: str) -> Markup:
    if len(shown) < 2:  # noqa: PLR2004 - one is no chart
        return Markup("")
    least, most = min(0.0, *(n for _, n in shown)), max(0.0, *(n for _, n in shown))
    scale = WIDTH / ((most - least) or 1.0)
    zero = LABEL - least * scale
    parts = [_bar(number, part, value, zero, scale) for number, (part, value) in enumerate(shown)]
    named = Markup("<figcaption>{}</figcaption>").format(title)
    drawn = _HEAD.format(LABEL + WIDTH + 4, len(shown) * ROW + 6, title) + Markup("").join(parts)
    return Markup('<figure class="split">') + named + drawn + Markup("</svg></figure>")


def _number(value: str) -> float | None:
    try:
        return float(Decimal(value))
    except InvalidOperation:
        return None  # a day


def _bar(number: int, part: str, value: float, zero: float, scale: float) -> Markup:
    y, width = 4 + number * ROW, round(abs(value) * scale, 1)
    left = round(zero if value >= 0 else zero - width, 1)
    label = part if len(part) <= _LETTERS else f"{part[: _LETTERS - 1]}…"
    return _BAR.format(y + 12, label, "below" if value < 0 else "above", left, y, width)
