"""Series of services as Prometheus has them: counters as rates, sums by their counts as means, by target."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_COUNTERS: Final = ("_total", "_count", "_sum")
_PLAIN: Final = ("__name__", "job", "instance", "service", "app", "namespace", "pod")
Key = tuple[str, str, str]


@dataclass(frozen=True)
class ServiceSeries:
    """A series of a service over time. labels: those that tell it from others of its name and target."""

    name: str
    labels: str
    times: Sequence[float]
    values: Sequence[float]
    target: str = ""

    @property
    def title(self) -> str:
        """Name it with its labels."""
        return f"{self.name}{{{self.labels}}}" if self.labels else self.name


def series_of(rows: Iterable[Mapping[str, Any]]) -> list[ServiceSeries]:
    """Read Prometheus' rows: counters as rates, sums by their counts as means."""
    plain = [_read(row) for row in rows]
    by_name = {(each.name, each.labels, each.target): each for each in plain}
    return [each for each in _combined(by_name) if not all(map(math.isnan, each.values))]


def comparable(group: Sequence[ServiceSeries], began: float) -> Sequence[ServiceSeries]:
    """Give what can be held against before, of one series of several targets.

    Each target by itself; where one came or went meanwhile (a rollout, a restart) those that stayed, and the
    mean of all.
    """
    stayed = [each for each in group if each.times and each.times[0] < began <= each.times[-1]]
    return group if len(group) == 1 or len(stayed) == len(group) else [*stayed, _mean(group)]


def _mean(group: Sequence[ServiceSeries]) -> ServiceSeries:
    columns: dict[float, list[float]] = {}
    for each in group:
        for at, value in zip(each.times, each.values, strict=True):
            if not math.isnan(value):
                columns.setdefault(at, []).append(value)
    times = sorted(columns)
    means = [sum(columns[at]) / len(columns[at]) for at in times]
    return ServiceSeries(group[0].name, group[0].labels, times, means)


def _combined(series: Mapping[Key, ServiceSeries]) -> Iterator[ServiceSeries]:
    for (name, labels, target), each in series.items():
        base = name.removesuffix("_sum")
        count = series.get((f"{base}_count", labels, target)) if name != base else None
        if count is None or count.times != each.times:
            yield each
            continue
        pairs = zip(each.values, count.values, strict=True)
        means = [total / number if number > 0 else math.nan for total, number in pairs]
        yield ServiceSeries(f"{base}_mean", labels, each.times, means, target)


def _finite(text: str) -> float:
    """Read a value; what is infinite (a division by nothing) is no number to compare, like NaN."""
    value = float(text)
    return value if math.isfinite(value) else math.nan


def _read(row: Mapping[str, Any]) -> ServiceSeries:
    names: Mapping[str, str] = row["metric"]
    name = str(names.get("__name__", "value"))
    labels = ",".join(f"{key}={value}" for key, value in sorted(names.items()) if key not in _PLAIN)
    where = (names.get("job", ""), names.get("pod") or names.get("instance", ""))
    target = "/".join(filter(None, where))
    times = [float(at) for at, _ in row["values"]]
    values = [_finite(value) for _, value in row["values"]]
    if not name.endswith(_COUNTERS):
        return ServiceSeries(name, labels, times, values, target)
    pairs = zip(times[1:], values, values[1:], times, strict=False)
    # A counter that falls was reset: it has counted since from nothing.
    rates = [
        (now if now < before else now - before) / max(at - last, 1e-9) for at, before, now, last in pairs
    ]
    return ServiceSeries(name, labels, times[1:], rates, target)
