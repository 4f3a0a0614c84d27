"""Look at the files and tables of a sources file before they are read: are they there, with its columns."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

import duckdb

from tools.core.errors import SourcesError, UnreachableError
from tools.ledger import files
from tools.ledger.readers import archive, open_file
from tools.ledger.readers.cell_batches import distinct
from tools.ledger.sources import Sources
from tools.ledger.warehouse.databases import Databases

_FILES: Final = 10  # of a source whose header is looked at; the reading looks at all
_LARGEST: Final = 50_000_000  # bytes of a file up to which looking at it costs nothing


def check_files(sources: Sources) -> None:
    """Refuse missing files, and missing columns of each source's first files.

    What is away for now is left to the reading, which waits for it. Raises SourcesError.
    """
    with duckdb.connect() as connection, Databases(sources, connection) as databases:
        for name, source in sources.sources.items():
            if source.url:
                with suppress(UnreachableError):
                    check_mapping(sources, name, source.place)
                    files.check_columns(name, source, source.place, distinct(databases.table(name).names))
                continue
            with suppress(UnreachableError):
                paths = files.find(name, source, sources.base, sources.within)
                for path in [path for path in paths if not source.is_document(path)][:_FILES]:
                    with files.reached(str(path)):
                        _check(connection, sources, name, path)


def _check(connection: duckdb.DuckDBPyConnection, sources: Sources, name: str, path: Path) -> None:
    source, label = sources.sources[name], files.label(path, sources.base)
    check_mapping(sources, name, label)
    if archive.real(path).stat().st_size <= _LARGEST:
        names = open_file.open_part(connection, source, path).names
        if names:
            files.check_columns(name, source, label, names)


def check_mapping(sources: Sources, name: str, label: str) -> None:
    """Refuse a table among a source's documents that maps no columns. Raises SourcesError."""
    source = sources.sources[name]
    if source.kind != "table" and not source.columns:
        raise SourcesError(
            f"maps nothing, and {label} is a table.",
            place=f"sources.{name}.columns",
            remedy="Say which of its columns are which, or leave it out of the path.",
        )
