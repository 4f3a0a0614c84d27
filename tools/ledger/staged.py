"""A file that has been read: what it was, and where its rows wait to become the snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from tools.ledger.readers.row_reader import Proof


def save(
    connection: duckdb.DuckDBPyConnection, select: str, path: Path, values: dict[str, Any] | None = None
) -> None:
    """Write a SELECT's rows to Parquet: the lightest zstd, which is as fast as none and half the size."""
    place = str(path).replace("'", "''")
    connection.execute(
        f"COPY ({select}) TO '{place}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)", values or {}
    )


@dataclass(frozen=True)
class StagedFile:
    """One file's rows as Parquet in the scratch folder, with the digest of the bytes they came from.

    parts: where more of its rows are, if it was read in parts.
    """

    source: str
    kind: str
    file: str
    sha256: str
    notes: tuple[str, ...]
    rows: int
    rows_at: Path
    proofs: tuple[Proof, ...] = ()
    version: str = ""  # of a database, a lake or a bucket: what was pinned
    parts: tuple[Path, ...] = ()


def rows_at(staged: Sequence[StagedFile]) -> list[str]:
    """Name the Parquet files that hold these files' rows: many documents share one."""
    return list(dict.fromkeys(str(path) for file in staged for path in (file.rows_at, *file.parts)))


def joined(staged: Iterable[StagedFile]) -> Iterator[StagedFile]:
    """Give each file once, with the rows of all its parts, which follow each other."""
    for _, group in groupby(staged, key=lambda file: (file.source, file.file)):
        first, *more = group
        yield replace(
            first,
            notes=tuple(sorted({note for part in (first, *more) for note in part.notes}))
            if more
            else first.notes,
            rows=sum(part.rows for part in (first, *more)),
            parts=tuple(part.rows_at for part in more),
        )
