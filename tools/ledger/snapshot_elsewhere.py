"""Write a snapshot where a cluster's executors are: each table in a task, postings each source in one.

Row keys, repeats and windows are of one source, so its postings are what they are beside the others'. One
more task puts the sources' postings together, and writes the totals and the manifest.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from uuid import uuid4

from tools.books import engine_pool
from tools.books.elsewhere import Executors, TaskMemory
from tools.books.manifest import Manifest
from tools.ledger import cells, overlaps, postings, remote_files, snapshot
from tools.ledger.sources import Sources
from tools.ledger.staged import StagedFile, save
from tools.ledger.window import Window


@dataclass(frozen=True)
class TableOrder:
    """A unit of writing: files of one table, of one source where they are postings."""

    sources: Sources
    window: Window
    table: str
    staged: tuple[StagedFile, ...]
    scratch: Path
    limits: TaskMemory


@dataclass(frozen=True)
class SnapshotOrder:
    """A unit of writing: everything that was staged, and where the tables lie that were written of it."""

    sources: Sources
    window: Window
    staged: tuple[StagedFile, ...]
    scratch: Path
    limits: TaskMemory
    tables: tuple[tuple[str, tuple[Path, ...]], ...] = ()


def publish(executors: Executors, order: SnapshotOrder, folder: Path) -> Manifest:
    """Have the snapshot written by executors, and give the attempt that ended the name `folder`."""
    staged = [replace(file, version=file.version or remote_files.version(file.file)) for file in order.staged]
    orders = list(_table_orders(replace(order, staged=tuple(staged))))
    paths = executors.run("writing tables", write_table, orders)
    written = zip([each.table for each in orders], paths, strict=True)
    tables = tuple(
        (name, tuple(path for _, path in group)) for name, group in groupby(written, lambda at: at[0])
    )
    whole = replace(order, staged=tuple(staged), tables=tables)
    [(at, manifest)] = executors.run("writing the snapshot", finish, [whole])
    for file in at.iterdir():
        file.replace(folder / file.name)
    return manifest


def write_table(order: TableOrder) -> Path:
    """Write rows of a table, in the executor that has this unit, into a file of that attempt."""
    path = order.scratch / f"{order.table}-{uuid4().hex}.parquet"
    with engine_pool.connection(order.limits.settings, spill=order.scratch / uuid4().hex) as connection:
        cells.load(connection)
        overlaps.leave_out(connection, order.sources, order.staged)
        if order.table == "txn":
            postings.register_window(connection, order.window, order.sources)
        snapshot.write_table(connection, order.sources, order.staged, path)
    return path


def finish(order: SnapshotOrder) -> tuple[Path, Manifest]:
    """Put the tables together, in the executor that has this unit, in a folder of that attempt."""
    folder = order.scratch / f"snapshot-{uuid4().hex}"
    folder.mkdir()
    with engine_pool.connection(order.limits.settings, spill=order.scratch / uuid4().hex) as connection:
        cells.load(connection)
        for table, paths in order.tables:
            path = folder / f"{table}.parquet"
            if len(paths) == 1:
                shutil.copyfile(paths[0], path)
            else:
                save(connection, "SELECT * FROM read_parquet($paths)", path, {"paths": list(map(str, paths))})
        postings.register_window(connection, order.window, order.sources)
        return folder, snapshot.finish(connection, order.sources, order.window, order.staged, folder)


def _table_orders(order: SnapshotOrder) -> Iterator[TableOrder]:
    for table, files in snapshot.by_table(order.staged).items():
        for part in _by_source(files) if table == "txn" else [files]:
            yield TableOrder(order.sources, order.window, table, tuple(part), order.scratch, order.limits)


def _by_source(files: Sequence[StagedFile]) -> list[list[StagedFile]]:
    names = dict.fromkeys(file.source for file in files)
    return [[file for file in files if file.source == name] for name in names]
