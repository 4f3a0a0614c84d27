"""Whether a service is measured at all: its targets before and since, and the time without any."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from tools.incidents.systems import scores
from tools.incidents.systems.series import ServiceSeries
from tools.investigation.observation import Observation

MEASURED: Final = "measured"  # what such an observation is called
SILENT: Final = 300.0  # seconds without a point, from which a service is no longer measured
UP: Final = "up"  # Prometheus' own series of a target; with a name before it an exporter's of what it watches
LOOKBACK: Final = 300.0  # seconds for which Prometheus repeats what does not come any more
_STEPS: Final = 2  # steps without a point are a gap: one may be missed


class Silence(NamedTuple):
    """A time of which few targets were measured, or none. targets: how many at most."""

    begin: float
    end: float
    targets: int


def facts(series: Sequence[ServiceSeries], service: str, began: float, until: float) -> list[dict[str, Any]]:
    """Say that nothing is measured of a service since, or was for a while, or only some of its targets.

    Series that end and targets that are down (`up` is 0) are the same. Gives at most one fact.
    """
    live = _live(series)
    before = [count for at, count in live.items() if at < began]
    usual = round(scores.middle(before)) if before else 0
    if not usual:
        return []
    least = max(SILENT, _STEPS * _step(list(live)))
    for most, moved in ((0, scores.GONE), (min(before) - 1, scores.SURE)):
        span = _longest(live, began, until, most)
        if span and span.end - max(span.begin, began) >= least:
            span = span._replace(begin=_changed(series, span.begin))
            return [_fact(service, span, until, usual, -moved * (1 - span.targets / usual))]
    return []


def gone(observations: Iterable[Observation]) -> dict[str, str]:
    """Give the services of which nothing was measured for a while, and since when."""
    return {item.node: item.first_seen for item in observations if item.what == MEASURED and not item.value}


def is_blind(observations: Sequence[Observation]) -> bool:
    """Say whether several services ended at once, and no other is measured: then the measuring ended."""
    ended = gone(observations)
    moments = [datetime.fromisoformat(at).timestamp() for at in ended.values()]
    measured = {item.node for item in observations if "labels" in item.details}
    return len(ended) > 1 and measured <= set(ended) and max(moments) - min(moments) < SILENT


def _live(series: Sequence[ServiceSeries]) -> dict[float, int]:
    """Count for each moment the targets of which something is measured, and that are not down."""
    measured: dict[float, set[str]] = {}
    down: dict[float, set[str]] = {}
    for each in series:
        is_sign = each.name == UP or each.name.endswith(f"_{UP}")
        for at, value in zip(each.times, each.values, strict=True):
            measured.setdefault(at, set()).add(each.target)
            if is_sign and value == 0:
                down.setdefault(at, set()).add(each.target)
    return {at: len(measured[at] - down.get(at, set())) for at in sorted(measured)}


def _longest(live: Mapping[float, int], began: float, until: float, most: int) -> Silence | None:
    """Give the longest time since the incident began, or over it, with so many targets or fewer."""
    more = [at for at, count in live.items() if count > most]
    spans = [
        Silence(last, at, max((count for moment, count in live.items() if last < moment < at), default=0))
        for last, at in itertools.pairwise([*more, until])
        if at > began
    ]
    return max(spans, key=lambda span: span.end - max(span.begin, began), default=None)


def _changed(series: Sequence[ServiceSeries], last: float) -> float:
    """Give when something measured last changed: Prometheus repeats the last value for five minutes."""
    changes = [last - LOOKBACK]
    for each in series:
        points = [pair for pair in zip(each.times, each.values, strict=True) if pair[0] <= last]
        pairs = itertools.pairwise(points)
        changes += [max((at for (_, value), (at, now) in pairs if now != value), default=last - LOOKBACK)]
    return max(changes)


def _step(times: Sequence[float]) -> float:
    return (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else 0.0


def _fact(service: str, span: Silence, until: float, usual: int, moved: float) -> dict[str, Any]:
    begin, end = (datetime.fromtimestamp(at, UTC) for at in (span.begin, span.end))
    is_over, targets = span.end < until, f"{usual} target{'s' * (usual > 1)}"
    verb = "was" if is_over else "is"
    what = f"only {span.targets} of {targets} {verb}" if span.targets else f"nothing {verb}"
    when = f"from {begin:%Y-%m-%d %H:%M} to {end:%H:%M}" if is_over else f"since {begin:%Y-%m-%d %H:%M}"
    return {
        "what": MEASURED,
        "text": f"{what} measured of {service} {when}, {targets} before.",
        "node": service,
        "value": float(span.targets),
        "expected": float(usual),
        "deviation": round(moved, 3),
        "first_seen": begin.isoformat(),
        "series": [],
        "details": {"labels": "", "control_deviation": None},
    }
