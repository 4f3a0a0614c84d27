"""Observers of services: applications (logs and traces), databases (metrics), network (metrics and logs)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from tools.incidents.subject import IncidentBench, Subject
from tools.incidents.systems import load, log_lines, metrics, presence, scores, traces, traversal, windows
from tools.investigation.hypothesis import INNOCENT, NOT_ENOUGH, RankedHypothesis
from tools.investigation.observation import Observation

MOST: Final = 12
_ENDED: Final = (
    "none of several services is measured any more, all since the same moment: the measuring itself, or what "
    "they share, may have ended."
)
_SEE_GONE: Final = (
    "See whether it runs, how it ended (its last lines, its restarts), and whether only its measuring did."
)


def applications(bench: IncidentBench) -> list[Observation]:
    """See what services log and how long their own parts of traces take, before and since."""
    limits = bench.settings
    if not limits.loki_url and not limits.tempo_url:
        raise windows.unset("TIEOUT_LOKI_URL and TIEOUT_TEMPO_URL")
    observations = list(log_lines.frequent(bench, "A")) if limits.loki_url else []
    if limits.tempo_url:
        observations += list(traces.own_times(bench))
    return observations


def databases(bench: IncidentBench) -> list[Observation]:
    """See which resources of services moved."""
    return metrics.moved(bench, "databases", "M", network=False)


def network(bench: IncidentBench) -> list[Observation]:
    """See which latencies, errors and connections moved, and what is logged of them."""
    observations = metrics.moved(bench, "network", "N", network=True)
    if bench.settings.loki_url:
        observations += list(log_lines.frequent(bench, "L", "network", "timeout|refused|reset|unreachable"))
    return observations


def hypotheses(subject: Subject, observations: Sequence[Observation]) -> list[RankedHypothesis]:
    """Follow what deviates from the affected services down to where it comes from."""
    is_blind = presence.is_blind(observations)
    if is_blind:
        observations = [item for item in observations if item.what != presence.MEASURED]
    moved, gone = load.unexplained(observations), presence.gone(observations)
    links = edges(subject, observations)
    causes: dict[str, RankedHypothesis] = {}
    for service in subject.affected:
        for candidate in traversal.candidates(
            service, moved.farthest, links, together=moved.together, gone=gone
        ):
            if candidate.node not in causes:
                causes[candidate.node] = _cause(candidate, observations, is_gone=candidate.node in gone)
    quiet = not causes and not is_blind
    text = "nothing unusual: no affected service deviates." if quiet else "more load, or a planned change."
    always = [
        RankedHypothesis("I1", INNOCENT, "", text, ["desk"], 0.8 if quiet and observations else 0.12),
        RankedHypothesis(
            "N1",
            NOT_ENOUGH,
            "",
            _ENDED if is_blind else _unseen(subject, links, moved.farthest),
            ["desk"],
            0.1 if observations and not is_blind else 0.9,
        ),
    ]
    return [*causes.values(), *always]


def _unseen(subject: Subject, links: Mapping[str, Sequence[str]], moved: Mapping[str, float]) -> str:
    """Name the services of which nobody saw anything: absence of evidence is none of absence."""
    unseen = [name for name in windows.services_of(subject, links) if name not in moved]
    about = f": nothing was seen of {', '.join(unseen[:MOST])}" if unseen else ""
    return f"what nobody measures may be the cause{about}."


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


def _cause(
    candidate: traversal.CauseCandidate, observations: Sequence[Observation], *, is_gone: bool
) -> RankedHypothesis:
    of_node = [item for item in observations if item.node == candidate.node and item.deviation]
    farthest = {item.what: item for item in sorted(of_node, key=lambda item: abs(item.deviation))}
    by_metric = scores.by_resource({name: item.deviation for name, item in farthest.items()})
    first = farthest[presence.MEASURED if is_gone else by_metric[0][0]]
    advice = _SEE_GONE if is_gone else f"See what changed at {candidate.node}, and who changed it."
    return RankedHypothesis(
        f"S-{candidate.node}", "service_at_fault", candidate.node, f"{candidate.node}: {first.text}",
        sorted({item.observer for item in of_node}), candidate.weight,
        [first.observation_id, *(item.observation_id for item in of_node if item is not first)][:MOST],
        path=candidate.path, told_by=advice,
        details={"metric": first.what},
    )  # fmt: skip
