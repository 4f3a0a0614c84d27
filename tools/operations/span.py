"""A span of a node or of a whole run, and the ids of a run's trace.

A trace's id follows from its run's, so that every process that goes on with a run joins its trace. Spans name
nodes and outcomes; no data of books or people.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Span:
    """One execution of a node. begun: nanoseconds since 1970. failure: the error's class, where it failed.

    name: where it is not graph.node. attributes: ids and counts, never data of books or people.
    """

    run_id: str
    graph: str
    node: str
    outcome: str
    begun: int
    failure: str = ""
    name: str = ""
    attributes: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class RunSpan:
    """A whole run. begun: nanoseconds since 1970."""

    run_id: str
    graph: str
    outcome: str
    begun: int


def trace_id_of(run_id: str) -> int:
    """Give a run's trace: 128 bits of its id's SHA-256."""
    return int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:16])


def root_id_of(run_id: str) -> int:
    """Give the span under which a run's nodes hang: 64 bits of the same."""
    return int.from_bytes(hashlib.sha256(run_id.encode()).digest()[16:24])
