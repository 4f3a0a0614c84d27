"""Read every source of a sources file into a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import duckdb
import pyarrow.parquet as pq

from tools.books import engine_pool
from tools.books.elsewhere import Executors, TaskMemory
from tools.books.manifest import Manifest
from tools.core import stopping
from tools.core.settings import Settings
from tools.ledger import (
    cells,
    database_rows,
    databases_elsewhere,
    files,
    overlaps,
    reading_elsewhere,
    small_files,
    snapshot,
    snapshot_elsewhere,
)
from tools.ledger.documents import source as documents
from tools.ledger.readers import open_file as opening
from tools.ledger.readers.file_parts import FilePart
from tools.ledger.readers.row_reader import RowFile
from tools.ledger.reading_elsewhere import FilesOfSource
from tools.ledger.snapshot_elsewhere import SnapshotOrder
from tools.ledger.sources import Sources
from tools.ledger.staged import StagedFile
from tools.ledger.staging import save_rows
from tools.ledger.validate import check_mapping
from tools.ledger.window import Window

Progress = Callable[[str, int], None]


def read(
    sources: Sources,
    window: Window,
    settings: Settings,
    folder: Path,
    *,
    progress: Progress | None = None,
    executors: Executors | None = None,
) -> Manifest:
    """Read all sources, and write the canonical tables, manifest.json and sources.json into `folder`.

    What one database holds is read inside one snapshot of it, from the first day of the history on.

    Every row of every file becomes a canonical row, a rejected row with its reason, or one that the
    source's `where` leaves out; the control totals say how many of each. progress: called after each
    file with its name and rows. executors: machines that read and write instead of this one.

    Raises SourcesError when a file or column is missing, UnreachableError when another try may help.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=folder.parent, prefix="read-scratch-") as scratch,
        engine_pool.connection(settings, spill=Path(scratch) / "spill") as connection,
    ):
        cells.load(connection)
        staged = _stage(connection, sources, Path(scratch), settings, progress, executors=executors)
        staged += _reported(
            _databases(connection, sources, window, Path(scratch), settings, executors=executors), progress
        )
        if executors is not None:
            order = SnapshotOrder(sources, window, tuple(staged), Path(scratch), TaskMemory.of(settings))
            return snapshot_elsewhere.publish(executors, order, folder)
        overlaps.leave_out(connection, sources, staged)
        return snapshot.write(connection, sources, window, staged, folder)


def _stage(
    connection: duckdb.DuckDBPyConnection,
    sources: Sources,
    scratch: Path,
    settings: Settings,
    progress: Progress | None,
    *,
    executors: Executors | None,
) -> list[StagedFile]:
    staged: list[StagedFile] = []
    elsewhere: list[FilesOfSource] = []
    for name, source in sources.sources.items():
        if source.url:
            continue
        paths = files.find(name, source, sources.base, sources.within)
        if written := [path for path in paths if source.is_document(path)]:
            to = scratch / f"{name}.documents"
            staged += documents.stage(
                connection, sources, name, written, to=to, settings=settings, progress=progress
            )
        tables = [path for path in paths if not source.is_document(path)]
        if executors is not None:
            seen = [path for path in tables if reading_elsewhere.is_seen(source, path)]
            units = FilesOfSource(sources, name, tuple(seen), scratch, TaskMemory.of(settings), _stage_tables)
            elsewhere += units.in_tasks()
            tables = [path for path in tables if not reading_elsewhere.is_seen(source, path)]
        staged += _reported(_stage_tables(connection, sources, name, tables, scratch), progress)
    if executors is not None:
        staged += _reported(reading_elsewhere.staged_there(executors, elsewhere), progress)
    return staged


def _databases(
    connection: duckdb.DuckDBPyConnection,
    sources: Sources,
    window: Window,
    scratch: Path,
    settings: Settings,
    *,
    executors: Executors | None,
) -> Iterator[StagedFile]:
    """Stage the sources that are tables of databases and lakes."""
    names = [name for name, source in sources.sources.items() if source.url]
    days = database_rows.first_days(connection, sources, window) if names else {}
    if executors is None:
        yield from database_rows.stage(connection, sources, days, names, scratch)
    elif names:
        yield from databases_elsewhere.stage(
            executors, sources, days, names, scratch, limits=TaskMemory.of(settings)
        )


def _reported(files_staged: Iterable[StagedFile], progress: Progress | None) -> Iterator[StagedFile]:
    for file in files_staged:
        if progress:
            progress(file.file, file.rows)
        yield file


def _stage_tables(
    connection: duckdb.DuckDBPyConnection,
    sources: Sources,
    name: str,
    paths: Sequence[Path],
    scratch: Path,
    *,
    part: FilePart | None = None,
) -> Iterator[StagedFile]:
    """Stage a source's tables: many small ones of one form together, every other by itself.

    part: what is read of the only one, where it was cut.
    """
    with files.reached(sources.sources[name].path):
        for joined, others in small_files.stage(connection, sources, name, paths, scratch):
            yield from joined
            for path in others:
                stopping.check()
                with files.reached(str(path)):
                    to = scratch / f"{name}-{uuid4().hex}.parquet"
                    file = _stage_file(connection, sources, name, path, to=to, part=part)
                yield file


def _stage_file(
    connection: duckdb.DuckDBPyConnection,
    sources: Sources,
    name: str,
    path: Path,
    *,
    to: Path,
    part: FilePart | None,
) -> StagedFile:
    source, label = sources.sources[name], files.label(path, sources.base)
    check_mapping(sources, name, label)
    opened = opening.open_part(connection, source, path, part)
    save_rows(connection, sources, name, label, opened, to=to)
    rows = pq.read_metadata(to).num_rows
    proofs = opened.proofs if isinstance(opened, RowFile) else ()
    return StagedFile(name, source.kind, label, opened.sha256, tuple(opened.notes), rows, to, proofs)
