"""What Tempo says of services: how long each takes of its own, and who calls whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tools.incidents.subject import IncidentBench
from tools.incidents.systems import clients, scores, windows
from tools.investigation.observation import Observation


def own_times(bench: IncidentBench) -> Iterator[Observation]:
    """Measure each service's own time in traces, without that of what it calls, and who calls whom.

    The newest traces of the time before and of the time since: as many of the one as of the other.
    """
    limits = bench.settings
    begin, began, until = windows.around(bench.subject)
    own: dict[str, tuple[list[float], list[float]]] = {}
    calls: set[tuple[str, str]] = set()
    query: dict[str, Any] = {}
    for service in bench.subject.affected:
        for place, window in enumerate(((begin, began), (began, until))):
            answer = clients.tempo(limits.tempo_url, service, *window)
            query = answer.query
            for spans in answer.value:
                calls |= _calls(spans)
                for name, seconds in _own_seconds(spans):
                    own.setdefault(name, ([], []))[place].append(seconds)
    for service, (before, after) in sorted(own.items()):
        value, expected = scores.middle(after), scores.middle(before)
        yield Observation(
            f"T{service}", "applications", "own time",
            f"{service} takes {value:.3g} s of its own in traces, {expected:.3g} s before.",
            node=service, value=value, expected=expected,
            deviation=round(scores.deviation(before, after), 3), unit="s", scope=service, query=query,
            details={"calls": [list(pair) for pair in sorted(calls)]},
        )  # fmt: skip


def _own_seconds(spans: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    below = Counter[str]()
    for span in spans:
        below[span["parent"]] += span["seconds"]
    for span in spans:
        yield span["service"], max(0.0, span["seconds"] - below[span["id"]])


def _calls(spans: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    services = {span["id"]: span["service"] for span in spans}
    pairs = ((services.get(span["parent"], span["service"]), span["service"]) for span in spans)
    return {(caller, service) for caller, service in pairs if caller != service}
