"""What documents held when they were read before: a document is parsed once, by the digest of its bytes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from tools.core.errors import SettingsError
from tools.ledger.documents.worker import Rows

READING: Final = 2  # raised when documents would be read otherwise
_SCHEMA: Final = pa.schema([("digest", pa.string()), ("rows", pa.string())])
_TOGETHER: Final = 20  # files of the index above which they become one


class DocumentCache:
    """An index of read documents, kept in a folder; without a folder it forgets.

    Its files are only ever added whole, so runs side by side share it; what two of them read is the same.
    """

    def __init__(self, folder: Path | None) -> None:
        """Open it. Raises SettingsError when the folder cannot be made."""
        self._folder = folder and folder / f"v{READING}"
        self._rows: dict[str, str] = {}
        self._new: dict[str, str] = {}
        if self._folder is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"cannot be made: {error.strerror}.", place=f"folder {folder}", remedy="Set DOCUMENTS_URL."
            ) from None
        for path in sorted(self._folder.glob("*.parquet")):
            self._load(path)

    def get(self, digest: str) -> Rows | None:
        """Give what a document held, None when it was never read."""
        text = self._rows.get(digest)
        return None if text is None else json.loads(text)

    def put(self, digest: str, rows: Rows) -> None:
        """Remember what a document held."""
        self._rows[digest] = self._new[digest] = json.dumps(rows)

    def save(self) -> None:
        """Keep what is new; many small files become one."""
        if self._folder is None or not self._new:
            return
        before = sorted(self._folder.glob("*.parquet"))
        many = len(before) >= _TOGETHER
        _write(self._folder, self._rows if many else self._new)
        for path in before if many else ():
            path.unlink(missing_ok=True)
        self._new = {}

    def _load(self, path: Path) -> None:
        try:
            cached = pq.read_table(path, schema=_SCHEMA).to_pydict()
        except (OSError, pa.ArrowException):  # gone, or damaged: its documents are read again
            return
        self._rows.update(zip(cached["digest"], cached["rows"], strict=True))


def _write(folder: Path, rows_by_digest: Mapping[str, str]) -> None:
    digests: Iterable[str] = sorted(rows_by_digest)
    columns = [
        pa.array(digests, pa.string()),
        pa.array([rows_by_digest[digest] for digest in digests], pa.string()),
    ]
    name = uuid4().hex
    pq.write_table(pa.table(columns, schema=_SCHEMA), folder / f".{name}", compression="zstd")
    os.replace(folder / f".{name}", folder / f"{name}.parquet")  # noqa: PTH105 - whole or not at all
