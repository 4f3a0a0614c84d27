"""Draw a plan as a Gantt chart: SVG made of shapes and classes alone; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from markupsafe import Markup

from tools.core.clock import clock

WIDTH, ROW, HEAD = 1000, 24, 30
LETTER: Final = 6.8  # wide, of a label
LETTERS: Final = 56  # of a label, at most
_MARKS: Final = 8  # on the axis, at most
_STEPS: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400, 172_800, 604_800, 1_209_600, 2_592_000)
)


def draw(rows: Sequence[dict[str, Any]], root: str) -> Markup:
    """Draw a row a task: outlined as planned, filled as it went; critical ones marked, a line for now.

    rows: with task, name, status, critical, and planned and actual as (start, finish), either may be None.
    root: the address of a task's page, without its name.
    """
    moments = [moment for row in rows for moment in _moments(row)]
    if not moments:
        return Markup("")
    label = round(LETTER * max(len(_short(row)) for row in rows)) + 10
    axis = _Axis(min(moments), max(moments), len(rows), label)
    parts = [*axis.marks()]
    for number, row in enumerate(rows):
        parts += _row(axis, number, row, root)
    if axis.begin <= clock().now() <= axis.end:
        parts.append(axis.line("now", clock().now()))
    head = Markup('<svg class="gantt" viewBox="0 0 {} {}" role="img" aria-label="Plan as a chart">').format(
        label + WIDTH + 10, axis.height
    )
    return head + Markup("").join(parts) + Markup("</svg>")


def _moments(row: dict[str, Any]) -> list[datetime]:
    planned = [datetime.fromisoformat(moment) for moment in row["planned"] if moment]
    return planned + [moment for moment in row["actual"] if moment]


class _Axis:
    """Moments as places from left to right."""

    def __init__(self, begin: datetime, end: datetime, rows: int, label: int) -> None:
        self.label = label
        self.begin, self.end = begin, max(end, begin + timedelta(seconds=1))
        self.height = HEAD + rows * ROW + 6

    def x(self, moment: datetime) -> float:
        """Give a moment's place."""
        return round(self.label + WIDTH * ((moment - self.begin) / (self.end - self.begin)), 1)

    def line(self, kind: str, moment: datetime) -> Markup:
        """Draw a line from top to bottom."""
        return Markup('<line class="{}" x1="{x}" x2="{x}" y1="{}" y2="{}"/>').format(
            kind, HEAD - 8, self.height, x=self.x(moment)
        )

    def marks(self) -> Iterator[Markup]:
        """Draw lines at round moments, each with its date or time."""
        step = next((s for s in _STEPS if (self.end - self.begin) / s <= _MARKS), _STEPS[-1])
        form = "%d %b" if step >= timedelta(days=1) else "%H:%M" if step.seconds >= 60 else "%H:%M:%S"  # noqa: PLR2004 - a minute
        midnight = self.begin.replace(hour=0, minute=0, second=0, microsecond=0)
        moment = midnight + ((self.begin - midnight) // step) * step
        while moment <= self.end:
            if moment >= self.begin:
                yield self.line("mark", moment)
                text = f"{moment:{form}}"
                yield Markup('<text class="mark" x="{}" y="14">{}</text>').format(self.x(moment) + 3, text)
            moment += step


def _row(axis: _Axis, number: int, row: dict[str, Any], root: str) -> Iterator[Markup]:
    y = HEAD + number * ROW
    label = Markup('<a href="{}/{}"><title>{}</title><text class="label{}" x="0" y="{}">{}</text></a>')
    text, mark = f"{row['task']} {row['name']}", " critical" if row["critical"] else ""
    yield label.format(root, row["task"], text, mark, y + 15, _short(row))
    start, finish = (datetime.fromisoformat(moment) if moment else None for moment in row["planned"])
    if start and finish:
        kind = "planned critical" if row["critical"] else "planned"
        yield _bar(axis, kind, (y + 3, 16), start, finish)
    begun, ended = row["actual"]
    if begun:
        kind = f"actual {row['status']}"
        yield _bar(axis, kind, (y + 7, 8), begun, ended or max(begun, min(axis.end, clock().now())))


def _short(row: dict[str, Any]) -> str:
    text = f"{row['task']} {row['name']}"
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"


def _bar(axis: _Axis, kind: str, row: tuple[int, int], start: datetime, finish: datetime) -> Markup:
    left, right = axis.x(start), axis.x(finish)
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>').format(
        kind, left, row[0], max(2.0, round(right - left, 1)), row[1]
    )
