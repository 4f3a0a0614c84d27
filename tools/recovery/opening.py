"""Open a recovery: its run in the store, and the books that it reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tools.core import settings
from tools.core.errors import SourcesError
from tools.recovery import books
from tools.store import open_store, runs, windows


@dataclass(frozen=True)
class OpenedRecovery:
    """The run, and whose books it reads."""

    run_id: str
    started_by: str
    entity: str


def open_recovery(
    thread_id: str,
    started_by: str,
    sources: str | None,
    progress: Callable[[str, int], None] | None = None,
    *,
    graph: str = "recovery",
    kinds: tuple[str, ...] = books.KINDS,
    prospects: Mapping[str, Any] | None = None,
) -> OpenedRecovery:
    """Start the run of a thread, or go on with it, and read its books once.

    sources: the file that names them; that of the last audit where absent. prospects: industry, location and
    count, of a run that looks for those. Raises SourcesError, RunError.
    """
    limits = settings.load()
    store = open_store(limits.database_url)
    path = books.sources_path(store, sources)
    declared = books.read_file(path, kinds)
    run = runs.start(
        store, graph=graph, thread_id=thread_id, started_by=started_by, details={"sources": str(path)}
    )
    runs.record(
        store,
        run.run_id,
        counts={
            **run.counts,
            "sources": str(path),
            "entity": declared.entity.name,
            "prospects": dict(prospects or {}),
        },
    )
    try:
        books.take(store, limits, run.run_id, declared, progress)
    except SourcesError:
        windows.abandon(store, run.run_id, by="tieout", reason="its books are not as declared")
        raise
    return OpenedRecovery(run.run_id, run.started_by, declared.entity.name)
