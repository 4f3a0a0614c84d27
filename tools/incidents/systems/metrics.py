"""What Prometheus says of services: which of their series moved, beside the time before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from tools.incidents.subject import IncidentBench
from tools.incidents.systems import clients, scores, windows
from tools.investigation.observation import Observation

MOST: Final = 12  # series of a service that are kept, the farthest first
SILENT: Final = 300.0  # seconds without a point, from which a service is no longer measured
_NETWORK: Final = ("net", "lat", "duration", "request", "error", "conn")
_COUNTERS: Final = ("_total", "_count", "_sum")
_PLAIN: Final = ("__name__", "job", "instance", "service", "app", "namespace", "pod")


@dataclass(frozen=True)
class ServiceSeries:
    """A series of a service over time. labels: those that tell it from others of its name."""

    name: str
    labels: str
    times: Sequence[float]
    values: Sequence[float]

    @property
    def title(self) -> str:
        """Name it with its labels."""
        return f"{self.name}{{{self.labels}}}" if self.labels else self.name


def moved(bench: IncidentBench, observer: str, letter: str, *, network: bool) -> list[Observation]:
    """See which series of the affected services, and of what they depend on, moved."""
    limits = bench.settings
    if not limits.prometheus_url:
        raise windows.unset("TIEOUT_PROMETHEUS_URL")
    begin, began, until = windows.around(bench.subject)
    topology = [[caller, callee] for caller, each in limits.topology.items() for callee in each]
    observations: list[Observation] = []
    for service in windows.services_of(bench.subject, limits.topology):
        text = f'{{{limits.service_label}="{windows.quoted(service)}",__name__!~"scrape_.*|.*_bucket"}}'
        answer = clients.prometheus(limits.prometheus_url, text, begin, until)
        series = series_of(answer.value)
        whole = {"topology": topology, "is_whole": answer.is_whole}
        for fact in facts(series, service, (began, until), network=network):
            details = {**whole, **fact.pop("details")}
            name = f"{letter}{len(observations) + 1}"
            item = Observation(name, observer, query=answer.query, scope=service, details=details, **fact)
            observations.append(item if answer.is_whole else replace(item, quality="CIRCUMSTANTIAL"))
    return observations


def facts(
    series: Sequence[ServiceSeries], service: str, since: tuple[float, float], *, network: bool
) -> list[dict[str, Any]]:
    """Say of a service's series how far each moved since the incident began, the farthest first."""
    began, until = since
    chosen = [each for each in series if _is_network(each.name) is network]
    moves = sorted((_facts(each, service, began) for each in chosen), key=_farthest)
    return [*_silence(series, service, began, until), *moves][:MOST]


def _silence(
    series: Sequence[ServiceSeries], service: str, began: float, until: float
) -> Iterator[dict[str, Any]]:
    """Say that nothing is measured of a service any more: every series of its ends before the time does."""
    times = max((each.times for each in series if each.times), key=lambda each: each[-1], default=())
    last = times[-1] if times else until
    step = (last - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0
    if until - max(last, began) < max(SILENT, 2 * step):
        return
    at = datetime.fromtimestamp(last, UTC)
    yield {
        "what": "measured",
        "text": f"nothing is measured of {service} since {at:%Y-%m-%d %H:%M}, {len(series)} series before.",
        "node": service,
        "value": 0.0,
        "expected": float(len(series)),
        "deviation": -scores.SURE,
        "first_seen": at.isoformat(),
        "series": [],
        "details": {"labels": "", "control_deviation": None},
    }


def series_of(rows: Iterable[Mapping[str, Any]]) -> list[ServiceSeries]:
    """Read Prometheus' rows: counters as rates, sums by their counts as means."""
    plain = [_read(row) for row in rows]
    by_name = {(each.name, each.labels): each for each in plain}
    return list(_combined(by_name))


def _combined(series: Mapping[tuple[str, str], ServiceSeries]) -> Iterator[ServiceSeries]:
    for (name, labels), each in series.items():
        count = series.get((f"{name.removesuffix('_sum')}_count", labels)) if name.endswith("_sum") else None
        if count is None or count.times != each.times:
            yield each
            continue
        pairs = zip(each.values, count.values, strict=True)
        means = [total / number if number > 0 else math.nan for total, number in pairs]
        yield ServiceSeries(f"{name.removesuffix('_sum')}_mean", labels, each.times, means)


def _read(row: Mapping[str, Any]) -> ServiceSeries:
    name = str(row["metric"].get("__name__", "value"))
    labels = ",".join(f"{key}={value}" for key, value in sorted(row["metric"].items()) if key not in _PLAIN)
    times = [float(at) for at, _ in row["values"]]
    values = [float(value) for _, value in row["values"]]
    if not name.endswith(_COUNTERS):
        return ServiceSeries(name, labels, times, values)
    pairs = zip(times[1:], values, values[1:], times, strict=False)
    # A counter that falls was reset: it has counted since from nothing.
    rates = [
        (now if now < before else now - before) / max(at - last, 1e-9) for at, before, now, last in pairs
    ]
    return ServiceSeries(name, labels, times[1:], rates)


def _facts(each: ServiceSeries, service: str, began: float) -> dict[str, Any]:
    pairs = list(zip(each.times, each.values, strict=True))
    before = [value for at, value in pairs if at < began]
    after = [value for at, value in pairs if at >= began]
    moved_by = scores.since(before, after)
    changed = scores.begins(each.times, each.values) if abs(moved_by) >= scores.MOVED else None
    expected, value = scores.middle(before), scores.level_since(before, after)
    return {
        "what": each.name,
        "text": f"{each.title} of {service} is {value:.4g}, {_beside(before, expected)}.",
        "node": service,
        "value": value,
        "expected": expected,
        "deviation": round(moved_by, 3),
        "first_seen": datetime.fromtimestamp(changed, UTC).isoformat() if changed else "",
        "series": [[f"{at:.0f}", value] for at, value in pairs if not math.isnan(value)][-60:],
        "details": {"labels": each.labels, "control_deviation": scores.control_deviation(before)},
    }


def _beside(before: Sequence[float], expected: float) -> str:
    if not before:
        return "and was not measured before"
    return f"where {expected:.4g} was to be expected" if any(before) else "where it was always 0 before"


def _farthest(fact: Mapping[str, Any]) -> float:
    return -abs(float(fact["deviation"]))


def _is_network(name: str) -> bool:
    return any(part in name for part in _NETWORK)
