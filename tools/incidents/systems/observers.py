"""Observers of services: applications (logs and traces), databases (metrics), network (metrics and logs)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from tools.core.clock import clock
from tools.core.errors import SettingsError
from tools.incidents.subject import IncidentBench, Subject
from tools.incidents.systems import clients, scores, traversal
from tools.investigation.hypothesis import INNOCENT, NOT_ENOUGH, RankedHypothesis
from tools.investigation.observation import Observation

CONTROL: Final = 3600.0  # seconds before the incident that say what is usual
MOST: Final = 12
_NETWORK: Final = ("net", "lat", "duration", "request", "error", "conn")
_COUNTERS: Final = ("_total", "_count", "_sum")
_ERRORS: Final = ("error", "fatal", "exception", "panic", "traceback")


def applications(bench: IncidentBench) -> list[Observation]:
    """See what services log and how long their own parts of traces take, before and since."""
    limits = bench.settings
    if not limits.loki_url and not limits.tempo_url:
        raise _unset("TIEOUT_LOKI_URL and TIEOUT_TEMPO_URL")
    observations = list(_logs(bench, "A")) if limits.loki_url else []
    if limits.tempo_url:
        observations += list(_traces(bench))
    return observations


def databases(bench: IncidentBench) -> list[Observation]:
    """See which resources of services moved."""
    return _metrics(bench, "databases", "M", network=False)


def network(bench: IncidentBench) -> list[Observation]:
    """See which latencies, errors and connections moved, and what is logged of them."""
    observations = _metrics(bench, "network", "N", network=True)
    if bench.settings.loki_url:
        observations += list(_logs(bench, "L", "network", "timeout|refused|reset|unreachable"))
    return observations


def services_of(subject: Subject, topology: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the affected services and all that they depend on."""
    reached, front = list(subject.affected), list(subject.affected)
    while front:
        front = [callee for node in front for callee in topology.get(node, ()) if callee not in reached]
        reached += list(dict.fromkeys(front))
    return reached


def hypotheses(subject: Subject, observations: Sequence[Observation]) -> list[RankedHypothesis]:
    """Follow what deviates from the affected services down to where it comes from."""
    moved = _by_node(observations)
    links = edges(subject, observations)
    causes: dict[str, RankedHypothesis] = {}
    for service in subject.affected:
        for candidate in traversal.candidates(service, moved, links):
            if candidate.node not in causes:
                causes[candidate.node] = _cause(candidate, observations)
    quiet = not causes
    text = "nothing unusual: no affected service deviates." if quiet else "more load, or a planned change."
    always = [
        RankedHypothesis("I1", INNOCENT, "", text, ["desk"], 0.8 if quiet and observations else 0.12),
        RankedHypothesis(
            "N1",
            NOT_ENOUGH,
            "",
            "what nobody measures may be the cause.",
            ["desk"],
            0.1 if observations else 0.9,
        ),
    ]
    return [*causes.values(), *always]


def edges(subject: Subject, observations: Sequence[Observation]) -> dict[str, list[str]]:
    """Give what depends on what: as declared, and as traces show."""
    del subject
    links: dict[str, list[str]] = {}
    for item in observations:
        for caller, callee in [*item.details.get("topology", []), *item.details.get("calls", [])]:
            if callee not in links.setdefault(caller, []):
                links[caller].append(callee)
    return links


def symptom(subject: Subject, observations: Sequence[Observation]) -> str:
    """Give the first affected service."""
    del observations
    return subject.affected[0] if subject.affected else ""


def _cause(candidate: traversal.CauseCandidate, observations: Sequence[Observation]) -> RankedHypothesis:
    of_node = [item for item in observations if item.node == candidate.node and item.deviation]
    by_metric = scores.by_resource({item.what: item.deviation for item in of_node})
    first = next(item for item in of_node if item.what == by_metric[0][0])
    return RankedHypothesis(
        f"S-{candidate.node}", "service_at_fault", candidate.node, f"{candidate.node}: {first.text}",
        sorted({item.observer for item in of_node}), candidate.weight,
        [first.observation_id, *(item.observation_id for item in of_node if item is not first)][:MOST],
        path=candidate.path, told_by=f"See what changed at {candidate.node}, and who changed it.",
        details={"metric": first.what},
    )  # fmt: skip


def _by_node(observations: Sequence[Observation]) -> dict[str, float]:
    moved: dict[str, float] = {}
    for item in observations:
        if abs(item.deviation) > abs(moved.get(item.node, 0.0)):
            moved[item.node] = item.deviation
    return moved


def _window(bench: IncidentBench) -> tuple[float, float, float]:
    began = bench.subject.began_at.timestamp()
    return began - CONTROL, began, min(clock().now().timestamp(), began + CONTROL)


def _metrics(bench: IncidentBench, observer: str, letter: str, *, network: bool) -> list[Observation]:
    limits = bench.settings
    if not limits.prometheus_url:
        raise _unset("TIEOUT_PROMETHEUS_URL")
    begin, began, until = _window(bench)
    topology = [[caller, callee] for caller, each in limits.topology.items() for callee in each]
    observations: list[Observation] = []
    for service in services_of(bench.subject, limits.topology):
        text = f'{{{limits.service_label}="{service}",__name__!~"scrape_.*|.*_bucket"}}'
        answer = clients.prometheus(limits.prometheus_url, text, begin, until)
        moved = [_series(row, service, began) for row in answer.value]
        chosen = [item for item in moved if _is_network(item["what"]) is network]
        for item in sorted(chosen, key=lambda pair: -abs(pair["deviation"]))[:MOST]:
            name = f"{letter}{len(observations) + 1}"
            whole = {"topology": topology, "is_whole": answer.is_whole}
            observations.append(
                Observation(name, observer, query=answer.query, scope=service, details=whole, **item)
            )
    return observations


def _series(row: Mapping[str, Any], service: str, began: float) -> dict[str, Any]:
    name = str(row["metric"].get("__name__", "value"))
    times = [float(at) for at, _ in row["values"]]
    values = [float(value) for _, value in row["values"]]
    if name.endswith(_COUNTERS):
        pairs = zip(times[1:], values, values[1:], times, strict=False)
        rates = [(at, max(0.0, now - before) / max(at - last, 1e-9)) for at, before, now, last in pairs]
        times, values = [at for at, _ in rates], [rate for _, rate in rates]
    before = [value for at, value in zip(times, values, strict=True) if at < began]
    after = [value for at, value in zip(times, values, strict=True) if at >= began]
    moved = scores.deviation(before, after)
    changed = scores.begins(times, values) if abs(moved) >= traversal.DEVIATES else None
    expected, value = _middle(before), _middle(after)
    text = f"{name} of {service} is {value:.4g}, where {expected:.4g} was to be expected."
    return {
        "what": name,
        "text": text,
        "node": service,
        "value": value,
        "expected": expected,
        "deviation": round(moved, 3),
        "first_seen": datetime.fromtimestamp(changed, UTC).isoformat() if changed else "",
        "series": [[f"{at:.0f}", value] for at, value in zip(times, values, strict=True)][-60:],
    }


def _logs(
    bench: IncidentBench, letter: str, observer: str = "applications", only: str = ""
) -> Iterator[Observation]:
    """Count templates of lines before and since: a template that is new, or many times as frequent."""
    limits = bench.settings
    begin, began, until = _window(bench)
    for service in services_of(bench.subject, limits.topology):
        text = f'{{{limits.service_label}="{service}"}}' + (f' |~ "{only}"' if only else "")
        answer = clients.loki(limits.loki_url, text, begin, until)
        before, after, first = _templates(answer.value, began)
        rare = sorted(after, key=lambda line: (-(after[line] - before[line]), line))
        for number, line in enumerate(rare[:3], 1):
            is_error = any(word in line.lower() for word in _ERRORS) or bool(only)
            more = after[line] - before[line]
            if more <= 0 or not is_error:
                continue
            cut = "" if answer.is_whole else " (the newest lines alone: there are more)"
            counts = f"{after[line]} times since, {before[line]} times before{cut}"
            words = f"{service} logged '{line[:160]}' {counts}."
            yield Observation(
                f"{letter}{service}.{number}", observer, "log template", words, node=service,
                value=float(after[line]), expected=float(before[line]),
                deviation=round(more / max(before[line], 1.0) ** 0.5, 3), unit="lines",
                first_seen=datetime.fromtimestamp(first[line] / 1e9, UTC).isoformat(), scope=service,
                quality="DIRECT" if answer.is_whole else "CIRCUMSTANTIAL", query=answer.query,
            )  # fmt: skip


def _templates(lines: Sequence[Any], began: float) -> tuple[Counter[str], Counter[str], dict[str, int]]:
    try:
        from drain3 import TemplateMiner  # noqa: PLC0415 - of the extra `incidents`
        from drain3.template_miner_config import TemplateMinerConfig  # noqa: PLC0415 - of the same
    except ImportError:
        raise SettingsError(
            "drain3 is not installed.", remedy="Run: pip install 'tieout[incidents]'."
        ) from None
    miner, before, after = TemplateMiner(config=TemplateMinerConfig()), Counter[str](), Counter[str]()
    first: dict[str, int] = {}
    clusters = [
        (at, miner.add_log_message(line)["cluster_id"])
        for at, line, _ in sorted(lines, key=lambda row: row[0])
    ]
    names = {cluster.cluster_id: cluster.get_template() for cluster in miner.drain.clusters}
    for at, cluster in clusters:
        name = names[cluster]
        (before if at / 1e9 < began else after)[name] += 1
        if at / 1e9 >= began:
            first.setdefault(name, at)
    return before, after, first


def _traces(bench: IncidentBench) -> Iterator[Observation]:
    """Measure each service's own time in traces, without that of what it calls, and who calls whom."""
    limits = bench.settings
    begin, began, until = _window(bench)
    own: dict[str, tuple[list[float], list[float]]] = {}
    calls: set[tuple[str, str]] = set()
    query: dict[str, Any] = {}
    for service in bench.subject.affected:
        answer = clients.tempo(limits.tempo_url, service, begin, until)
        query = answer.query
        for spans in answer.value:
            services = {span["id"]: span["service"] for span in spans}
            below = Counter[str]()
            for span in spans:
                below[span["parent"]] += span["seconds"]
                caller = services.get(span["parent"], span["service"])
                if caller != span["service"]:
                    calls.add((caller, span["service"]))
            for span in spans:
                seconds = max(0.0, span["seconds"] - below[span["id"]])
                own.setdefault(span["service"], ([], []))[span["start"] >= began].append(seconds)
    for service, (before, after) in sorted(own.items()):
        yield Observation(
            f"T{service}", "applications", "own time",
            f"{service} takes {_middle(after):.3g} s of its own in traces, {_middle(before):.3g} s before.",
            node=service, value=_middle(after), expected=_middle(before),
            deviation=round(scores.deviation(before, after), 3), unit="s", scope=service, query=query,
            details={"calls": [list(pair) for pair in sorted(calls)]},
        )  # fmt: skip


def _middle(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2] if ordered else 0.0


def _is_network(name: str) -> bool:
    return any(part in name for part in _NETWORK)


def _unset(names: str) -> SettingsError:
    return SettingsError("is not set, so services cannot be looked at.", place=f"setting {names}")
