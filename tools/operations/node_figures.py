"""Figures of nodes, runs, models and notices, summed up as metrics give them."""

from __future__ import annotations

from typing import Final

from tools.operations.figures import AGENTS, Figures, Labels, Samples, Times
from tools.operations.times import cumulated

UNSENT: Final = ("queued", "given_up")


def node_times(figures: Figures) -> Times:
    """Give the times of executions, by graph and node."""
    rows = [
        ((node.graph, node.node), node.most_seconds, node.executions, node.milliseconds / 1000)
        for node in figures.nodes
    ]
    return cumulated(rows)


def node_outcomes(figures: Figures) -> Samples:
    """Count executions by graph, node and outcome."""
    counts: dict[Labels, float] = {}
    for node in figures.nodes:
        labels = (node.graph, node.node, node.outcome)
        counts[labels] = counts.get(labels, 0.0) + node.executions
    return counts


def node_errors(figures: Figures) -> Samples:
    """Count failed executions by graph and node; 0 for nodes that never failed."""
    counts: dict[Labels, float] = {(node.graph, node.node): 0.0 for node in figures.nodes}
    for node in figures.nodes:
        if node.outcome == "failed":
            counts[node.graph, node.node] += node.executions
    return counts


def check_outcomes(figures: Figures) -> Samples:
    """Count executions of the audit's checks by agent and outcome."""
    counts: dict[Labels, float] = {}
    for node in figures.nodes:
        if node.graph == "audit" and node.node in AGENTS:
            labels = (AGENTS[node.node], node.outcome)
            counts[labels] = counts.get(labels, 0.0) + node.executions
    return counts


def runs_started(figures: Figures) -> Samples:
    """Count the runs of each graph, whatever became of them."""
    counts: dict[Labels, float] = {}
    for (graph, _), number in figures.runs.items():
        counts[graph,] = counts.get((graph,), 0.0) + number
    return counts


def model_tokens(figures: Figures) -> Samples:
    """Count tokens by model and direction."""
    return {
        (model, direction): number
        for model, _, put_in, put_out, _ in figures.models
        for direction, number in (("in", put_in), ("out", put_out))
    }


def unsent_notices(figures: Figures) -> Samples:
    """Count the notices that wait or were given up."""
    return {labels: number for labels, number in figures.notices.items() if labels[0] in UNSENT}
