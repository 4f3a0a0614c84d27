"""What Prometheus says of services: which of their series moved, beside the time before."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from tools.incidents.subject import IncidentBench
from tools.incidents.systems import clients, presence, scores, windows
from tools.incidents.systems.series import ServiceSeries, comparable, series_of
from tools.investigation.observation import Observation

MOST: Final = 12  # series of a service that are kept, the farthest first
_NETWORK: Final = ("net", "lat", "duration", "request", "error", "conn")


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
    groups: dict[tuple[str, str], list[ServiceSeries]] = {}
    for each in series:
        if _is_network(each.name) is network:
            groups.setdefault((each.name, each.labels), []).append(each)
    moves = [
        min(
            (_facts(each, service, began, of_several=len(group) > 1) for each in comparable(group, began)),
            key=_farthest,
        )
        for group in groups.values()
    ]
    return [*presence.facts(series, service, began, until), *sorted(moves, key=_farthest)][:MOST]


def _facts(each: ServiceSeries, service: str, began: float, *, of_several: bool) -> dict[str, Any]:
    pairs = list(zip(each.times, each.values, strict=True))
    before = [value for at, value in pairs if at < began]
    after = [value for at, value in pairs if at >= began]
    moved_by = scores.since(before, after)
    changed = scores.begins(each.times, each.values) if abs(moved_by) >= scores.MOVED else None
    expected, value = scores.middle(before), scores.level_since(before, after)
    where = f" on {each.target}" if of_several and each.target else ""
    return {
        "what": each.name,
        "text": f"{each.title} of {service}{where} is {value:.4g}, {_beside(before, expected)}.",
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
