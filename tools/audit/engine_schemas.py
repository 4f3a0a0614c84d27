"""Remove what engines were given of runs that have ended; what stays, a later run removes."""

from __future__ import annotations

import shutil
from typing import Final

import structlog

from tools.checks.engines import opening
from tools.core.errors import TieoutError
from tools.core.settings import Settings
from tools.ledger import sources
from tools.runs.workspace import SNAPSHOT, run_folder
from tools.store import Store, runs

SCRATCH: Final = ("engine-", "read-scratch-")  # folders of one attempt at a check, or at reading
_log = structlog.get_logger(__name__)


def sweep(store: Store, run_id: str, settings: Settings) -> None:
    """Drop what the desk's ended runs left on the engine of this run's books. Other desks' runs stay.

    What a process that was killed left in this run's own folder goes too.
    """
    folder = run_folder(settings, run_id)
    for left in (path for prefix in SCRATCH for path in folder.glob(f"{prefix}*")):
        shutil.rmtree(left, ignore_errors=True)
    snapshot = folder / SNAPSHOT
    choice = opening.engine_of(sources.of_folder(snapshot), settings)
    if choice.kind != "postgresql":
        return  # elsewhere nothing outlives its session
    from tools.checks.engines import schemas  # noqa: PLC0415 - an extra

    try:
        schemas.drop(choice.url, runs.ended(store, schemas.run_ids(choice.url)))
    except TieoutError as error:
        _log.warning("books of ended runs stay on the engine", error=str(error))
