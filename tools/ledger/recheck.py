"""Check at a run's end that the files are still what was read: the control totals' other half."""

from __future__ import annotations

import glob
import hashlib
from pathlib import Path

import duckdb

from tools.ledger import files
from tools.ledger.sources import Sources


def recheck(sources: Sources, snapshot: Path) -> list[str]:
    """Say which files changed, went or came since the snapshot in `snapshot` was taken."""
    totals = duckdb.read_parquet(str(snapshot / "control_total.parquet"), connection=duckdb.connect())
    before: dict[str, str] = dict(totals.project("file, sha256").distinct().fetchall())
    now = {
        files.label(Path(path), sources.base): Path(path)
        for source in sources.sources.values()
        for path in glob.glob(str(sources.base / source.path), recursive=True)  # noqa: PTH207 - absolute patterns
    }
    problems = [f"{name} is no longer there." for name in sorted(before.keys() - now.keys())]
    problems += [
        f"{name} was not there when the books were read." for name in sorted(now.keys() - before.keys())
    ]
    changed = [name for name in sorted(before.keys() & now.keys()) if _sha256(now[name]) != before[name]]
    return [*problems, *(f"{name} was changed since it was read." for name in changed)]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
