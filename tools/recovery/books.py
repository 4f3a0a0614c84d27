"""The books that a recovery reads: the whole of what its sources file names, without a window.

take(store, settings, run_id, sources)      read them once into the run's folder
open_books(settings, run_id) -> Books           open what was read
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from tools import ledger
from tools.books import manifest
from tools.books.engine import Books
from tools.core.clock import clock
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.ledger import sources as sources_file
from tools.ledger.sources import Sources
from tools.ledger.window import Window
from tools.runs import run_files, workspace
from tools.store import Store, runs

KINDS: Final = (
    "card",
    "bank",
    "invoice",
    "payment",
    "vendor",
    "client",
    "contact",
    "receivable",
    "statement",
    "utility_bill",
)
MONEY_KINDS: Final = ("bank", "payment", "invoice", "receivable", "remittance")
Progress = Callable[[str, int], None]


def sources_path(store: Store, sources: str | None) -> Path:
    """Give the sources file that is meant: the one named, else that of the last audit. Raises RunError."""
    if sources:
        return Path(sources).resolve()
    audits = [
        run for run in runs.list_audits(store, limit=1000) if run.status == "closed" and run.sources_path
    ]
    if not audits:
        raise RunError("no audit is closed yet.", remedy="Name a sources file: tieout recover SOURCES.")
    return Path(audits[0].sources_path)


def read_file(path: Path, kinds: tuple[str, ...] = KINDS) -> Sources:
    """Read a sources file, and leave out what recovery does not look at. Raises SourcesError."""
    declared = sources_file.load(path)
    ledger.check_files(declared)
    of_kinds = {name: source for name, source in declared.sources.items() if source.kind in kinds}
    return declared.model_copy(update={"sources": of_kinds, "pairs": []}).at(declared.base, declared.within)


def take(
    store: Store, settings: Settings, run_id: str, sources: Sources, progress: Progress | None = None
) -> Path:
    """Read the books into the run's folder, once; a replay goes on with what is there."""
    run_files.note_workspace(store, settings, run_id)
    folder = workspace.run_folder(settings, run_id)
    if workspace.published(folder, workspace.SNAPSHOT) is None:
        with workspace.Attempt(folder, workspace.SNAPSHOT) as attempt:
            window = Window({}, day_of(sources))
            snapshot = ledger.read(sources, window, settings, attempt.folder, progress=progress)
            attempt.publish({"sha256": snapshot.sha256})
    workspace.seal(store, folder, workspace.SNAPSHOT)
    return folder / workspace.SNAPSHOT


def day_of(sources: Sources) -> date:
    """Give the day as of which the books are looked at."""
    return sources.entity.as_of or clock().now().date()


def open_books(settings: Settings, run_id: str) -> Books:
    """Open the books that a run has read. Raises RunError where it has read none."""
    return Books.open(workspace.run_folder(settings, run_id) / workspace.SNAPSHOT, settings)


def sources_of(settings: Settings, run_id: str) -> Sources:
    """Give the sources file that a run has read, as it stood then."""
    with open_books(settings, run_id) as books:
        return sources_file.of(books)


def has_books(settings: Settings, run_id: str) -> bool:
    """Say whether a run has read any books."""
    return (workspace.run_folder(settings, run_id) / workspace.SNAPSHOT / manifest.FILE_NAME).is_file()
