"""What an observer saw: one figure beside what was expected, with the query that gives it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

Quality = Literal["DIRECT", "CORROBORATED", "INDIRECT", "CIRCUMSTANTIAL"]
WEIGHTS: Mapping[Quality, float] = {
    "DIRECT": 1.0,
    "CORROBORATED": 0.9,
    "INDIRECT": 0.7,
    "CIRCUMSTANTIAL": 0.5,
}
FARTHEST: Final = 1000.0  # robust deviations of an observation: more says no more
MOST_POINTS = 60  # of a chart that travels with an observation


def shown(deviation: float) -> str:
    """Word a deviation for people: what was always 0 has no scale of its own, and deviates without end."""
    return f"{deviation:.1f}" if abs(deviation) <= FARTHEST else f"over {FARTHEST:.0f}"


@dataclass(frozen=True)
class Observation:
    """One thing seen. value and expected are in `unit`; deviation: robust z, 0 where nothing moved.

    node: what it is about in the dependency graph (a service, a source, an element, a row). first_seen: ISO
    time at which it began. query: how to see it again ({"engine", "parameters"}). series: (when, value) of
    a small chart. details: what templates of hypotheses read, JSON primitives.
    """

    observation_id: str
    observer: str
    what: str
    text: str
    node: str = ""
    value: float | None = None
    expected: float | None = None
    deviation: float = 0.0
    unit: str = ""
    first_seen: str = ""
    scope: str = ""
    quality: Quality = "DIRECT"
    query: Mapping[str, Any] = field(default_factory=dict)
    series: Sequence[Sequence[Any]] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        plain = asdict(self)
        points = [list(point) for point in self.series]
        return {**plain, "series": points[-MOST_POINTS:], "query": dict(self.query)}
