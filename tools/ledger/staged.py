"""A file that has been read: what it was, and where its rows wait to become the snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class StagedFile:
    """One file's rows as Parquet in the scratch folder, with the digest of the bytes they came from."""

    source: str
    kind: str
    file: str
    sha256: str
    notes: tuple[str, ...]
    rows: int
    rows_at: Path
