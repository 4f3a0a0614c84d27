"""Stage a source's many small files together, as far as they are of one form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet as pq

from tools.books import engine
from tools.core import stopping
from tools.ledger import files
from tools.ledger.canonical import FileQuery
from tools.ledger.readers import archive, open_file
from tools.ledger.readers.csv_file import CsvFile
from tools.ledger.readers.joined_csv import TOGETHER, JoinedCsv, Small, head_of, small
from tools.ledger.sources import Sources
from tools.ledger.staged import StagedFile, save
from tools.ledger.validate import check_mapping

_MANY: Final = 50  # files of a source from which on they are joined


def stage(
    connection: duckdb.DuckDBPyConnection, sources: Sources, name: str, paths: Sequence[Path], scratch: Path
) -> Iterator[tuple[list[StagedFile], list[Path]]]:
    """Give what was staged together, and the files that have to be read by themselves, some at a time.

    Raises SourcesError for missing columns, OSError when a file is away, StoppedError when asked to stop.
    """
    first = _first(connection, sources, name, paths)
    head = head_of(paths[0], first.head) if first is not None else b""
    if first is None or first.head is None or not head:
        yield [], list(paths)
        return
    for at in range(0, len(paths), TOGETHER):
        joined, others = list[Small](), list[Path]()
        for path in paths[at : at + TOGETHER]:
            stopping.check()
            file = small(path, files.label(path, sources.base), head)
            if file is None:
                others.append(path)
            else:
                joined.append(file)
        text = JoinedCsv(connection, joined, head, first.head)
        to = scratch / f"{name}-{at}.joined"
        yield _save(connection, sources, name, text, to) if joined else [], others


def _first(
    connection: duckdb.DuckDBPyConnection, sources: Sources, name: str, paths: Sequence[Path]
) -> CsvFile | None:
    """Open the first file, whose form is looked for in the others; None where they are not to be joined."""
    source = sources.sources[name]
    if len(paths) < _MANY or source.kind == "table" or source.carries_cells or source.both_sides:
        return None
    if any(map(archive.is_member, paths)):
        return None
    label = files.label(paths[0], sources.base)
    check_mapping(sources, name, label)
    opened = open_file.open_part(connection, source, paths[0])
    if not isinstance(opened, CsvFile) or len(opened.names) < 2:  # noqa: PLR2004 - blank lines of one column are cells
        return None
    files.check_columns(name, source, label, opened.names)
    return opened


def _save(
    connection: duckdb.DuckDBPyConnection,
    sources: Sources,
    name: str,
    text: JoinedCsv,
    to: Path,
) -> list[StagedFile]:
    source = sources.sources[name]
    columns = {column: f"c{i}" for i, column in enumerate(text.names)}
    query = FileQuery(source, sources.entity, columns, typed=False)
    sql = query.sql(source=name, file=None)
    text.attach(len(columns))
    save(connection, sql, to, engine.bound(sql, query.values))
    connection.execute("DROP VIEW IF EXISTS batch")
    counted = pq.read_table(to, columns=["at_file"]).group_by("at_file").aggregate([([], "count_all")])
    rows = dict(zip(*(counted.column(key).to_pylist() for key in ("at_file", "count_all")), strict=True))
    return [
        StagedFile(name, source.kind, file.label, file.sha256, (), rows.get(file.label, 0), to)
        for file in text.files
    ]
