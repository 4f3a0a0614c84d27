"""From a symptom down the dependency graph to the deepest node that deviates: that is where it comes from.

Source: the traversal that PetShop (Hardt et al., 2024) takes as its simplest competitor, with the side from
which a node was seen: what only its callers see weighs less than what it says itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

DEVIATES: Final = 3.0
MOST: Final = 100.0  # robust deviations beyond which more says no more
PLAIN: Final = 5.0  # robust deviations: a node counts though all between it and the symptom is quiet
HIDDEN: Final = 0.5  # weight of such a node
NOT_DEEPEST: Final = 0.3  # weight of a node that waits for another deviating one, if through quiet ones
BESIDE_GONE: Final = 0.1  # weight of a node that waits for one that is gone, or that only such a one asks
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
    symptom: str,
    deviations: Mapping[str, float],
    edges: Edges,
    outside: Iterable[str] = (),
    *,
    together: Mapping[str, float] | None = None,
    gone: Collection[str] = (),
) -> list[CauseCandidate]:
    """Give the nodes that may be the cause, the likeliest first; none where nothing it waits for deviates.

    outside: nodes that only their callers saw. together: deviations of several series of a node as one, by
    which a node is plain though all between it and the symptom is quiet. gone: nodes that are there no more,
    which is why those that wait for them deviate, and those that only they ask.
    """
    linked, paths = _paths(symptom, deviations, edges, deviations if together is None else together)
    seen_outside = set(outside)
    weights = {}
    for node, path in paths.items():
        weight = min(abs(deviations[node]), MOST) ** 0.5
        weight *= _depth(node, _below(node, paths, edges) - seen_outside, path, set(gone))
        weight *= 1.0 if node in linked else HIDDEN
        weights[node] = weight * (FROM_OUTSIDE if node in seen_outside else 1.0)
    total = sum(weights.values())
    nodes = [
        CauseCandidate(node, deviations[node], round(weights[node] / total, 4), paths[node]) for node in paths
    ]
    return sorted(nodes, key=lambda candidate: (-candidate.weight, candidate.node))


def _below(node: str, paths: Mapping[str, tuple[str, ...]], edges: Edges) -> set[str]:
    """Give what a node waits for among the candidates: directly, or through quiet ones."""
    return {name for name, path in paths.items() if name in edges.get(node, ()) or node in path[1:]} - {node}


def _depth(node: str, below: set[str], path: Sequence[str], gone: set[str]) -> float:
    """Give the weight of a node's place: the deepest counts whole, and what is gone before all else."""
    if node in gone:
        return NOT_DEEPEST if below & gone else 1.0
    if gone & {*below, *path[1:]}:
        return BESIDE_GONE
    return NOT_DEEPEST if below else 1.0


def _paths(
    symptom: str, deviations: Mapping[str, float], edges: Edges, together: Mapping[str, float]
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Give the paths on which every node deviates, and those together with paths to nodes that are plain.

    A cause may be one of many things that a symptom waits for, and too small a part of it to be seen there.
    """
    linked = _reached(symptom, edges, {node for node, moved in deviations.items() if abs(moved) >= DEVIATES})
    below = _reached(symptom, edges, None)
    plain = {
        node: path
        for node, path in below.items()
        if node not in linked and abs(together.get(node, 0.0)) >= PLAIN
    }
    return linked, {**linked, **plain}


def _reached(symptom: str, edges: Edges, through: Collection[str] | None) -> dict[str, tuple[str, ...]]:
    """Follow the graph from the symptom down, through some nodes or all; give the shortest path of each."""
    if through is not None and symptom not in through:
        return {}
    paths: dict[str, tuple[str, ...]] = {symptom: (symptom,)}
    front = [symptom]
    while front:
        following = []
        for node in front:
            for callee in edges.get(node, ()):
                if callee not in paths and (through is None or callee in through):
                    paths[callee] = (callee, *paths[node])
                    following.append(callee)
        front = following
    return paths
