"""How well a hypothesis is grounded: CONFIRMED only where a path from cause to symptom was verified.

Source: the three conditions (structure, deviation, time) are those of OpenRCA 2.0's verified path.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tools.investigation.disproof import DEVIATES, LATER, TrialContext
from tools.investigation.hypothesis import ALWAYS, Grounding, RankedHypothesis
from tools.investigation.observation import Observation

Edges = Mapping[str, Iterable[str]]  # node -> nodes that it depends on
LIKELY_FROM = 0.5  # confidence from which an unverified hypothesis is likely


def grounding(hypothesis: RankedHypothesis, context: TrialContext, edges: Edges) -> tuple[Grounding, str]:
    """Say how well a hypothesis that was not ruled out is grounded, and why not better."""
    if hypothesis.cause in ALWAYS:
        return "INCONCLUSIVE", "it is what remains where nothing else is shown"
    gap = gap_in_path(hypothesis.path, context, edges)
    if not gap and hypothesis.confidence >= LIKELY_FROM:
        return "CONFIRMED", "every step of the path is declared, deviates, and in order of time"
    if hypothesis.confidence < LIKELY_FROM:
        return "INCONCLUSIVE", gap or "its path holds, but others explain as much"
    return "LIKELY", gap


def gap_in_path(path: Sequence[str], context: TrialContext, edges: Edges) -> str:
    """Say what is missing for a path from cause to symptom to be verified; "" where nothing is."""
    if len(path) < 2:  # noqa: PLR2004 - a cause and its symptom
        return "there is no path from it to the symptom"
    for cause, effect in itertools.pairwise(path):
        if cause not in set(edges.get(effect, ())):
            return f"nothing declares that {effect} depends on {cause}"
    by_node = [_strongest(node, context.observations.values()) for node in path]
    for node, observation in zip(path, by_node, strict=True):
        if observation is None or abs(observation.deviation) < DEVIATES:
            return f"{node} was not seen to deviate"
    times = [_moment(observation) for observation in by_node if observation is not None]
    for before, after in itertools.pairwise(times):
        if before and after and before - after > LATER:
            return "the path is not in order of time"
    return ""


def _strongest(node: str, observations: Iterable[Observation]) -> Observation | None:
    of_node = [observation for observation in observations if observation.node == node]
    return max(of_node, key=lambda observation: abs(observation.deviation), default=None)


def _moment(observation: Observation) -> datetime | None:
    try:
        return datetime.fromisoformat(observation.first_seen)
    except ValueError:
        return None
