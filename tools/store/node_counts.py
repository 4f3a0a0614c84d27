"""How often each node of each graph ran, how it ended, how long it took: counted with its trail entry.

add(store, graph, node, outcome, seconds)      in the caller's transaction, where there is one
totals(session) -> list[NodeTotal]             over all days
ended(session, nodes, since) -> {node: {outcome: executions}}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.store.database import Store
from tools.store.models import NodeCount
from tools.store.writes import upsert

BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0)  # seconds
BEYOND: Final = "+Inf"
EVER: Final = date(1970, 1, 1)  # the day under which all days are summed up, so that nobody has to
_KEY: Final = ("day", "graph", "node", "outcome", "most_seconds")
_COUNTS: Final = ("executions", "milliseconds")


class NodeTotal(NamedTuple):
    """What was counted of one node, outcome and bucket."""

    graph: str
    node: str
    outcome: str
    most_seconds: str
    executions: int
    milliseconds: int


def add(store: Store, graph: str, node: str, outcome: str, seconds: float) -> None:
    """Count one execution of a node."""
    row = {
        "graph": graph,
        "node": node,
        "outcome": outcome,
        "most_seconds": next((str(bound) for bound in BUCKETS if seconds <= bound), BEYOND),
        "executions": 1,
        "milliseconds": round(seconds * 1000),
    }
    with store.begin() as session:
        statement = upsert(session, NodeCount)
        more = {name: getattr(NodeCount, name) + statement.excluded[name] for name in _COUNTS}
        for day in (EVER, clock().now().date()):
            added = statement.values(day=day, **row)
            session.execute(added.on_conflict_do_update(index_elements=_KEY, set_=more))


def totals(session: Session) -> list[NodeTotal]:
    """Give what was counted over all days, in the order of graph, node, outcome."""
    names = (NodeCount.graph, NodeCount.node, NodeCount.outcome, NodeCount.most_seconds)
    query = select(*names, NodeCount.executions, NodeCount.milliseconds).where(NodeCount.day == EVER)
    return [NodeTotal(*row) for row in session.execute(query.order_by(*names))]


def ended(session: Session, nodes: Collection[str], since: date) -> dict[str, dict[str, int]]:
    """Say how often these nodes ended how since a day."""
    query = (
        select(NodeCount.node, NodeCount.outcome, func.sum(NodeCount.executions))
        .where(NodeCount.node.in_(nodes), NodeCount.day >= since)
        .group_by(NodeCount.node, NodeCount.outcome)
    )
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for node, outcome, executions in session.execute(query):
        counts[node][outcome] = int(executions)
    return dict(counts)
