"""A graph's drawing, with the edges that its routes take and no others."""

from __future__ import annotations

from typing import Any

from langchain_core.runnables.graph import Graph
from langgraph.graph.state import CompiledStateGraph


def picture(graph: CompiledStateGraph[Any, Any, Any, Any]) -> Graph:
    """Give the drawing: LangGraph's own also joins what runs last before a deferred node to it."""
    drawing = graph.get_graph()
    wired = set(graph.builder.edges)
    for source, branches in graph.builder.branches.items():
        wired |= {(source, end) for branch in branches.values() for end in (branch.ends or {}).values()}
    drawing.edges = [edge for edge in drawing.edges if (edge.source, edge.target) in wired]
    return drawing
