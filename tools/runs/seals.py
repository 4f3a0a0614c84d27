"""What a run wrote, on its trail: each published folder once, with the digest of its files.

record(store, run_id, folder)                  after a result is published; a replay records nothing twice
differences(store, run_id, folder)             how the run's files differ from what the trail says, in words
"""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from tools.core.digest import digest
from tools.runs import file_digests
from tools.store import Store, trail
from tools.store.models import TrailEntry

PUBLISHED = "files published"  # action on the trail
_BY = "tieout"


def record(store: Store, run_id: str, folder: Path) -> None:
    """Put the digest of a published folder's files on the run's trail, once."""
    files = file_digests.read(folder)
    if files is None:  # published by a version that kept no digests
        return
    trail.append(
        store,
        run_id,
        _BY,
        PUBLISHED,
        outputs=digest(files),
        sizes={"bytes": sum(file["bytes"] for file in files.values())},
        details={"name": folder.name},
        once=f"{PUBLISHED}:{folder.name}",
    )


def published(store: Store, run_id: str) -> dict[str, str]:
    """Give the digest of each published folder's files, by its name."""
    query = select(TrailEntry.details, TrailEntry.outputs).where(
        TrailEntry.run_id == run_id, TrailEntry.action == PUBLISHED
    )
    with store.read() as session:
        rows = session.execute(query.order_by(TrailEntry.seq)).all()
    return {str(json.loads(row.details)["name"]): row.outputs for row in rows}


def differences(store: Store, run_id: str, run_folder: Path) -> list[str]:
    """Say how the files of a run differ from what its trail says of them: nothing, where they do not."""
    return [
        what
        for name, expected in published(store, run_id).items()
        for what in file_digests.differences(run_folder / name, expected)
    ]
