"""Match the declared pairs where a cluster's executors are, each pair by the same code in a task of its own.

No match reaches over two pairs: they are groups that cannot touch one another. What a task writes lies in the
run's folder under the name of that attempt, and is read from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from tools.books.elsewhere import Machines, TaskMemory
from tools.books.engine import Books, quoted
from tools.checks.reconciliation import breaks, match_pair
from tools.checks.reconciliation.sides import items
from tools.ledger import sources
from tools.ledger.sources import Pair

TABLES: Final = ("match", "break", "settled", "evidence", "weight")


@dataclass(frozen=True)
class PairOrder:
    """One pair of a snapshot, the folder for its matches, and what the task may use."""

    snapshot: Path
    pair: str
    folder: Path
    limits: TaskMemory


@dataclass(frozen=True)
class PairMatches:
    """Where a pair's tables lie, and its bank reconciliations (JSON primitives)."""

    folder: Path
    papers: list[dict[str, Any]]


def match(books: Books, pairs: Sequence[Pair], machines: Machines) -> list[dict[str, Any]]:
    """Match each pair on a machine there; `match` and the other tables are views of what it wrote."""
    orders = [
        PairOrder(books.folder.absolute(), pair.name, machines.scratch, machines.limits) for pair in pairs
    ]
    matched = machines.executors.run("matching", match_there, orders)
    for table in TABLES if matched else ():
        books.execute(f"DROP TABLE {quoted(table)}")
        files = [str(each.folder / f"{table}.parquet") for each in matched]
        books.connection.read_parquet(files).create_view(table)
    return [paper for each in matched for paper in each.papers]


def match_there(order: PairOrder) -> PairMatches:
    """Match a pair, in the executor that has it, into a folder of this attempt."""
    folder = order.folder / uuid4().hex
    folder.mkdir()
    with Books.open(order.snapshot, order.limits.settings) as books:
        declared = sources.of(books)
        items.prepare(books)
        breaks.prepare(books)
        pairs = [pair for pair in declared.pairs if pair.name == order.pair]
        papers = match_pair.match_all(books, declared, pairs)
        for table in TABLES:
            books.export(f"SELECT * FROM {quoted(table)}", folder / f"{table}.parquet")
    return PairMatches(folder, papers)
