"""What a snapshot holds: written when it is taken, read by everything that opens it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ValidationError

from tools.core.digest import digest
from tools.core.errors import RunError

FILE_NAME = "manifest.json"


class TableEntry(BaseModel):
    """One canonical table: its rows, and a digest of the sorted rows (not of the file's bytes)."""

    rows: int
    sha256: str


class Manifest(BaseModel):
    """The tables of a snapshot and which of their columns hold any value.

    present: table -> columns with at least one value; transaction columns are listed per kind,
    as "txn:card", "txn:bank".
    """

    entity: str
    currency: str
    as_of: str
    window_from: str | None
    window_to: str
    tables: dict[str, TableEntry]
    present: dict[str, list[str]]
    sources: dict[str, str]  # source name -> kind
    notes: dict[str, list[str]] = {}  # file -> what was odd in reading it
    versions: dict[str, str] = {}  # table of a database or lake, object of a bucket -> what was pinned

    @property
    def as_of_day(self) -> int:
        """The day of the audit as days since 1970-01-01, as books count days."""
        return (date.fromisoformat(self.as_of[:10]) - date(1970, 1, 1)).days

    @property
    def sha256(self) -> str:
        """One digest over the tables' digests."""
        return digest({name: entry.sha256 for name, entry in sorted(self.tables.items())})

    @property
    def rows(self) -> int:
        """The rows of all tables together."""
        return sum(entry.rows for entry in self.tables.values())

    def kinds(self) -> list[str]:
        """Give the transaction kinds with at least one row."""
        return [name.removeprefix("txn:") for name in self.present if name.startswith("txn:")]


def read(folder: Path) -> Manifest:
    """Read a snapshot's manifest. Raises RunError when the folder holds none."""
    path = folder / FILE_NAME
    if not path.is_file():
        raise RunError("there is no snapshot here.", place=str(folder), remedy="Run the audit again.")
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError:
        raise RunError(
            "this snapshot was changed: its list of tables cannot be read.",
            place=str(path),
            remedy="Put it back from a backup of the workspace, or give the run up (tieout abandon).",
        ) from None


def write(folder: Path, manifest: Manifest) -> None:
    """Write it beside the tables."""
    (folder / FILE_NAME).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
