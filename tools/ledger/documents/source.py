"""Sources whose files are documents, not rows: e-mail, calendars, PDF, text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from tools.core.settings import Settings
from tools.ledger import files
from tools.ledger.documents.cache import DocumentCache
from tools.ledger.documents.staging import Stager
from tools.ledger.documents.subprocess_reader import DocumentLimits, DocumentReader
from tools.ledger.sources import Sources
from tools.ledger.staged import StagedFile


def stage(
    connection: duckdb.DuckDBPyConnection,
    sources: Sources,
    name: str,
    paths: Sequence[Path],
    *,
    to: Path,
    settings: Settings,
    progress: Callable[[str, int], None] | None,
) -> list[StagedFile]:
    """Read one source's documents into `to`, what the cache of parsed documents has from there.

    Raises UnreachableError or SourcesError when a file is away, SettingsError when the index is.
    """
    source, zone = sources.sources[name], sources.entity.timezone
    cache = DocumentCache(Path(settings.documents_url) if settings.documents_url else None)
    named = [(path, files.label(path, sources.base)) for path in paths]
    with DocumentReader(DocumentLimits.of(settings)) as reader, files.reached(source.path):
        zones = (source.timezone or zone, zone)
        stager = Stager(name, source.kind, zones, cache=cache, reader=reader)
        documents = stager.stage(connection, named, to, progress)
    return [
        StagedFile(name, source.kind, document.file, document.sha256, (), document.rows, to)
        for document in documents
    ]
