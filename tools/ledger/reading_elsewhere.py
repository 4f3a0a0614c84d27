"""Read the sources where a cluster's executors are: by the same readers, a file a task; rows stay there.

A large CSV or Parquet file is cut into parts, each of them a task.

Files, scratch folder and snapshot are seen under the same paths by all machines. What no executor can see
is staged here: copies of buckets' files, archives' members, documents. Databases: databases_elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, compress
from pathlib import Path
from typing import Final, Protocol
from uuid import uuid4

import duckdb

from tools.books import engine_pool
from tools.books.elsewhere import Executors, TaskMemory
from tools.core.errors import SourcesError, TieoutError
from tools.ledger import cells, files, remote_files, staged
from tools.ledger.readers import archive, open_file
from tools.ledger.readers.file_parts import FilePart
from tools.ledger.sources import Source, Sources
from tools.ledger.staged import StagedFile


class StageTables(Protocol):
    """Stage a source's tables, or a part of the only one, into a scratch folder."""

    def __call__(
        self,
        connection: duckdb.DuckDBPyConnection,
        sources: Sources,
        name: str,
        paths: Sequence[Path],
        scratch: Path,
        *,
        part: FilePart | None = None,
    ) -> Iterator[StagedFile]:
        """Give the files once their rows are there."""
        ...


PART: Final = 64 << 20  # bytes of a file that a task reads, and of one that is not worth cutting
_ALONE: Final = 4 << 20  # bytes of a file from which on it has a task of its own
_TOGETHER: Final = 1_000  # smaller files that share one


@dataclass(frozen=True)
class FilesOfSource:
    """A unit of reading: some files of one source, and the folder that their rows are written to.

    part: what is read of the one file that it has, where that is large.
    """

    sources: Sources
    name: str
    paths: tuple[Path, ...]
    scratch: Path
    limits: TaskMemory
    stage: StageTables
    part: FilePart | None = None

    def in_tasks(self) -> Iterator[FilesOfSource]:
        """Cut the files into tasks: a large one by itself, small ones together."""
        small = list[Path]()
        for path in self.paths:
            with files.reached(str(path)):
                size = path.stat().st_size
            if size < _ALONE:
                small.append(path)
            else:
                yield replace(self, paths=(path,))
        for at in range(0, len(small), _TOGETHER):
            yield replace(self, paths=tuple(small[at : at + _TOGETHER]))


def staged_there(executors: Executors, units: Sequence[FilesOfSource]) -> Iterator[StagedFile]:
    """Have these files read by the executors, the large ones in parts."""
    are_large = [is_large(unit) for unit in units]
    large = list(compress(units, are_large))
    cuts = iter(executors.run("cutting large files", parts_of, large) if large else [])
    tasks = chain.from_iterable(
        next(cuts) if is_cut else [unit] for unit, is_cut in zip(units, are_large, strict=True)
    )
    return staged.joined(chain.from_iterable(executors.run("reading", stage, list(tasks))))


def is_large(unit: FilesOfSource) -> bool:
    """Whether a unit is one file that may be cut."""
    return len(unit.paths) == 1 and unit.paths[0].stat().st_size >= 2 * PART


def parts_of(unit: FilesOfSource) -> list[FilesOfSource]:
    """Cut a large file, in the executor that has it: a unit for each part, or itself if it stays whole."""
    with _seen_here(unit):
        parts = open_file.parts(unit.sources.sources[unit.name], unit.paths[0], PART)
    return [replace(unit, part=part) for part in parts] or [unit]


def is_seen(source: Source, path: Path) -> bool:
    """Whether an executor can read a file: it is a table, and lies in a folder by itself."""
    return not (source.is_document(path) or remote_files.is_remote(source.path) or archive.is_member(path))


def stage(unit: FilesOfSource) -> list[StagedFile]:
    """Stage a unit's files, in the executor that has it; each attempt writes names of its own.

    Raises SourcesError where a file or the workspace is not seen there.
    """
    scratch = unit.scratch / uuid4().hex
    try:
        scratch.mkdir()
    except OSError as error:
        raise _unseen(unit.scratch, error) from None
    with engine_pool.connection(unit.limits.settings, spill=scratch / "spill") as connection:
        cells.load(connection)
        with _seen_here(unit):
            return list(unit.stage(connection, unit.sources, unit.name, unit.paths, scratch, part=unit.part))


@contextmanager
def _seen_here(unit: FilesOfSource) -> Iterator[None]:
    """Say of a file that is not there that this machine does not see it."""
    try:
        with files.reached(str(unit.paths[0])):
            yield
    except TieoutError as error:
        if gone := next((path for path in unit.paths if not path.exists()), None):
            raise _unseen(gone, error) from None
        raise


def _unseen(path: Path, error: Exception) -> SourcesError:
    return SourcesError(
        f"the cluster's machines do not see it: {error}",
        place=str(path),
        remedy="Put books and workspace (WORKSPACE_URL) into folders that every machine mounts alike.",
    )
