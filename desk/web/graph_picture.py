"""Draw a graph of the desk, each node in the colour of its state: SVG made of shapes and classes alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from markupsafe import Markup, escape

from desk.web.run_progress import ProgressStep
from graph import catalogue
from graph.runtime import drawing

WIDTH, HEIGHT, ACROSS, DOWN, EDGE = 84, 40, 98, 62, 8
_CHECKS = ("check_data_quality", "reconcile", "detect_anomalies")


class Place(NamedTuple):
    """Where a node stands: column from the left, row from the middle."""

    column: int
    row: int

    @property
    def x(self) -> int:
        """The left edge, in the picture's units."""
        return EDGE + self.column * ACROSS

    @property
    def y(self) -> int:
        """The upper edge."""
        return EDGE + 30 + (self.row + 1) * DOWN


@cache
def layout(name: str) -> tuple[Mapping[str, Place], tuple[tuple[str, str], ...]]:
    """Give each node of the graph its place, from left to right, and the edges between them."""
    entry = catalogue.entry(name)
    picture = drawing.picture(entry.build())
    names = [name for name in picture.nodes if not name.startswith("__")]
    edges = tuple(
        (edge.source, edge.target) for edge in picture.edges if edge.source in names and edge.target in names
    )
    order = [node for node in entry.labels if node in names]
    order += [node for node in names if node not in entry.labels]
    places, column = {}, -1
    for node in order:
        if node not in _CHECKS or node == _CHECKS[0]:
            column += 1
        row = _CHECKS.index(node) - 1 if node in _CHECKS else 0
        places[node] = Place(column, row)
    return places, edges


def draw(name: str, steps: Sequence[ProgressStep]) -> Markup:
    """Draw the graph. What it shows is also told in words by the list of steps beside it."""
    places, edges = layout(name)
    states = {step["node"]: step for step in steps}
    passed = {step["node"] for step in steps if step["times"]}
    width = max(place.x for place in places.values()) + WIDTH + EDGE
    height = max(place.y for place in places.values()) + HEIGHT + EDGE
    head = Markup('<svg class="graph" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">').format(
        width, height
    )
    lines = [
        _edge(places[start], places[end], is_taken=start in passed and (end in passed or _at(states, end)))
        for start, end in edges
        if places[start].column < places[end].column
    ]
    nodes = [_node(places[name], states[name]) for name in places if name in states]
    return head + Markup("").join([*lines, *nodes]) + Markup("</svg>")


def _at(states: Mapping[str, ProgressStep], name: str) -> bool:
    return name in states and states[name]["state"] in ("running", "waiting")


def _node(place: Place, step: ProgressStep) -> Markup:
    lines = _two(step["label"])
    texts = Markup("").join(
        Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
            place.x + WIDTH // 2, place.y + (24 if len(lines) == 1 else 17 + 14 * number), line
        )
        for number, line in enumerate(lines)
    )
    box = Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="7"/>').format(
        place.x, place.y, WIDTH, HEIGHT
    )
    return Markup('<g class="node {}">{}{}</g>').format(step["state"], box, texts)


def _edge(start: Place, end: Place, *, is_taken: bool) -> Markup:
    kind = "edge taken" if is_taken else "edge"
    if end.column - start.column == 1:
        x1, y1, x2, y2 = start.x + WIDTH, start.y + HEIGHT // 2, end.x, end.y + HEIGHT // 2
        middle = (x1 + x2) // 2
        path = f"M{x1} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}"
    else:  # over or under what lies between
        up = (end.column - start.column) % 2 == 0
        lift = 18 + 7 * (end.column - start.column)
        x1, x2 = start.x + WIDTH * 3 // 4, end.x + WIDTH // 4
        y1, y2 = (start.y, end.y) if up else (start.y + HEIGHT, end.y + HEIGHT)
        reach = -lift if up else lift
        path = f"M{x1} {y1} C{x1 + 10} {y1 + reach} {x2 - 10} {y2 + reach} {x2} {y2}"
    return Markup('<path class="{}" d="{}"/>').format(kind, path)


def _two(label: str) -> list[str]:
    """Break a label into at most two lines of about the same length."""
    words = label.split()
    cuts = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    best = min(cuts, key=lambda cut: max(map(len, cut)), default=None)
    return [label] if best is None or len(label) < 12 else [str(escape(part)) for part in best]  # noqa: PLR2004 - a short label
