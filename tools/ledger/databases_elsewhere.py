"""Read the tables of databases and lakes where a cluster's executors are: each database in one task.

What one database holds is read inside one snapshot of it, so all of its sources are in one task. A task is
sent the variables of the environment that its sources' URLs name, and no others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from uuid import uuid4

from tools.books import engine_pool
from tools.books.elsewhere import Executors, TaskMemory
from tools.core.environment_variables import with_variables
from tools.ledger import cells, database_rows
from tools.ledger.database_rows import Days
from tools.ledger.sources import Sources
from tools.ledger.staged import StagedFile
from tools.ledger.warehouse import location


@dataclass(frozen=True)
class DatabaseOrder:
    """A unit of reading: the sources of one database. variables: of the environment, with credentials."""

    sources: Sources
    names: tuple[str, ...]
    days: Days
    scratch: Path
    limits: TaskMemory
    variables: dict[str, str] = field(repr=False)


def stage(
    executors: Executors,
    sources: Sources,
    days: Days,
    names: Sequence[str],
    scratch: Path,
    *,
    limits: TaskMemory,
) -> Iterator[StagedFile]:
    """Have these sources read by the executors. Raises what `database_rows.stage` raises."""
    by_url: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_url[sources.sources[name].url or ""].append(name)
    orders = [
        DatabaseOrder(sources, tuple(own), days, scratch, limits, location.variables(url))
        for url, own in by_url.items()
    ]
    yield from chain.from_iterable(executors.run("reading databases", stage_there, orders))


def stage_there(order: DatabaseOrder) -> list[StagedFile]:
    """Stage a database's sources, in the executor that has it; each attempt writes names of its own."""
    scratch = order.scratch / uuid4().hex
    scratch.mkdir()
    with (
        with_variables(order.variables),
        engine_pool.connection(order.limits.settings, spill=scratch / "spill") as connection,
    ):
        cells.load(connection)
        return list(database_rows.stage(connection, order.sources, order.days, order.names, scratch))
