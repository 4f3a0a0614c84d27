"""From a symptom down the dependency graph to the deepest node that deviates: that is where it comes from.

Source: the traversal that PetShop (Hardt et al., 2024) takes as its simplest competitor, with the side from
which a node was seen: what only its callers see weighs less than what it says itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

DEVIATES: Final = 3.0
MOST: Final = 100.0  # robust deviations beyond which more says no more
NOT_DEEPEST: Final = 0.3  # weight of a node on which another deviating one stands
FROM_OUTSIDE: Final = 0.3  # weight of a node that only its callers saw
Edges = Mapping[str, Sequence[str]]  # node -> what it depends on


@dataclass(frozen=True)
class CauseCandidate:
    """A node that may be the cause. path: from it to the symptom. weight: its share among all."""

    node: str
    deviation: float
    weight: float
    path: tuple[str, ...]


def candidates(
    symptom: str, deviations: Mapping[str, float], edges: Edges, outside: Iterable[str] = ()
) -> list[CauseCandidate]:
    """Give the nodes that may be the cause, the likeliest first; none where the symptom does not deviate.

    outside: nodes that only their callers saw.
    """
    if abs(deviations.get(symptom, 0.0)) < DEVIATES:
        return []
    paths = _reached(symptom, deviations, edges)
    seen_outside = set(outside)
    weights = {}
    for node in paths:
        deeper = any(
            callee in paths and callee not in seen_outside for callee in edges.get(node, ()) if callee != node
        )
        weight = min(abs(deviations[node]), MOST) ** 0.5 * (NOT_DEEPEST if deeper else 1.0)
        weights[node] = weight * (FROM_OUTSIDE if node in seen_outside else 1.0)
    total = sum(weights.values())
    nodes = [
        CauseCandidate(node, deviations[node], round(weights[node] / total, 4), paths[node]) for node in paths
    ]
    return sorted(nodes, key=lambda candidate: (-candidate.weight, candidate.node))


def _reached(symptom: str, deviations: Mapping[str, float], edges: Edges) -> dict[str, tuple[str, ...]]:
    """Follow what deviates from the symptom down; give the shortest path of each."""
    paths: dict[str, tuple[str, ...]] = {symptom: (symptom,)}
    front = [symptom]
    while front:
        following = []
        for node in front:
            for callee in edges.get(node, ()):
                if callee not in paths and abs(deviations.get(callee, 0.0)) >= DEVIATES:
                    paths[callee] = (callee, *paths[node])
                    following.append(callee)
        front = following
    return paths
