"""Match the declared pairs where a cluster's executors are, each pair by the same code in a task of its own.

No match reaches over two pairs. Of a long pair the keys are matched in its task; what stays open is weighed
here, and cut into groups that cannot touch one another (connected components of candidate pairs), which the
executors solve; its task then names what broke. What a task writes lies in the run's folder under the name of
that attempt, and is read from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from tools.books.elsewhere import Machines, TaskMemory
from tools.books.engine import Books, quoted
from tools.checks.reconciliation import (
    assignment,
    breaks,
    groups_elsewhere,
    match_pair,
    passes,
    proposals,
    size_limits,
)
from tools.checks.reconciliation.match_pair import PairPapers, Passes
from tools.checks.reconciliation.one_to_one import equal_keys
from tools.checks.reconciliation.sides import items
from tools.ledger import sources as declarations
from tools.ledger.sources import Pair, Sources

TABLES: Final = ("match", "break", "settled", "evidence", "weight")
_OPEN: Final = ("claim", "open", "wide")  # of a long pair, behind equal keys
_WEIGHED: Final = ("claim", "kin", "weighed", "weight")  # what the passes by evidence fill


@dataclass(frozen=True)
class PairOrder:
    """One pair of a snapshot, the folder for its matches, and what the task may use.

    keyed, weighed: where the results of a long pair's first two stages lie.
    """

    snapshot: Path
    pair: str
    folder: Path
    limits: TaskMemory
    keyed: Path = Path()
    weighed: Path = Path()


@dataclass(frozen=True)
class PairMatches:
    """Where a pair's tables lie, and what is said of it; is_open: only its equal keys are matched so far."""

    folder: Path
    papers: PairPapers
    is_open: bool = False


def match(books: Books, sources: Sources, pairs: Sequence[Pair], machines: Machines) -> PairPapers:
    """Match each pair on a machine there; `match` and the other tables are views of what it wrote."""
    orders = [
        PairOrder(books.folder.absolute(), pair.name, machines.scratch, machines.limits) for pair in pairs
    ]
    matched = machines.executors.run("matching", match_there, orders)
    papers, closing = PairPapers(), list[PairOrder]()
    for order, pair, outcome in zip(orders, pairs, matched, strict=True):
        if outcome.is_open and (plan := match_pair.passes_of(sources, pair)):
            weighed, too_large = _weigh(books, pair, plan, outcome.folder, machines)
            papers.too_large += too_large
            closing.append(replace(order, keyed=outcome.folder, weighed=weighed))
    closed = iter(machines.executors.run("naming breaks", close_there, closing) if closing else [])
    matched = [next(closed) if outcome.is_open else outcome for outcome in matched]
    for table in TABLES if matched else ():
        books.execute(f"DROP TABLE {quoted(table)}")
        files = [str(each.folder / f"{table}.parquet") for each in matched]
        books.connection.read_parquet(files).create_view(table)
    for each in matched:
        papers.add(each.papers)
    return papers


def match_there(order: PairOrder) -> PairMatches:
    """Match a pair, in the executor that has it, into a folder of this attempt; of a long one equal keys."""
    with _open_pair(order) as (books, sources, pair):
        if match_pair.passes_of(sources, pair) is None or not _is_long(books, pair):
            papers = match_pair.match_all(books, sources, [pair])
            return PairMatches(_export(books, order.folder, TABLES), papers)
        items.load(books, sources, pair)
        equal_keys.match(books, pair)
        return PairMatches(_export(books, order.folder, _OPEN), PairPapers(), is_open=True)


def close_there(order: PairOrder) -> PairMatches:
    """Put a long pair's claims together, in the executor that has it, and name what broke."""
    with _open_pair(order) as (books, sources, pair):
        items.load(books, sources, pair)
        _append(books, order.keyed, ("claim",))
        _append(books, order.weighed, _WEIGHED)
        items.narrow(books, among="item")
        _lay_out(books, order.keyed, "wide")
        papers = match_pair.close(books, sources, pair)
        breaks.publish(books)
        return PairMatches(_export(books, order.folder, TABLES), papers)


def _weigh(
    books: Books, pair: Pair, plan: Passes, keyed: Path, machines: Machines
) -> tuple[Path, list[dict[str, Any]]]:
    """Weigh what is open of a long pair, its groups solved by the executors; give where its claims lie."""
    books.create("claim", proposals.CLAIM)
    books.create("kin", proposals.KIN)
    for table in ("open", "wide"):
        _lay_out(books, keyed, table)
    with assignment.solving(groups_elsewhere.solver(machines)) as too_large:
        passes.match(books, pair, *plan)
    folder = _export(books, machines.scratch, _WEIGHED)
    for table in _WEIGHED:
        books.execute(f"DELETE FROM {quoted(table)}")
    return folder, match_pair.sizes(pair, too_large)


@contextmanager
def _open_pair(order: PairOrder) -> Iterator[tuple[Books, Sources, Pair]]:
    with Books.open(order.snapshot, order.limits.settings) as books:
        declared = declarations.of(books)
        (pair,) = [pair for pair in declared.pairs if pair.name == order.pair]
        items.prepare(books)
        breaks.prepare(books)
        yield books, declared, pair


def _is_long(books: Books, pair: Pair) -> bool:
    counted = "SELECT count(*) AS n FROM posting WHERE source IN ($left, $right)"
    (rows,) = books.rows(counted, {"left": pair.left, "right": pair.right})
    return int(rows["n"]) > size_limits.PAIR_OF_A_TASK


def _export(books: Books, scratch: Path, tables: Sequence[str]) -> Path:
    folder = scratch / uuid4().hex
    folder.mkdir()
    for table in tables:
        books.export(f"SELECT * FROM {quoted(table)}", folder / f"{table}.parquet")
    return folder


def _append(books: Books, folder: Path, tables: Sequence[str]) -> None:
    for table in tables:
        books.connection.read_parquet(str(folder / f"{table}.parquet")).create_view("written", replace=True)
        books.execute(f"INSERT INTO {quoted(table)} BY NAME SELECT * FROM written")


def _lay_out(books: Books, folder: Path, table: str) -> None:
    books.connection.read_parquet(str(folder / f"{table}.parquet")).create_view("written", replace=True)
    books.keep(table, "SELECT * FROM written", {})
