"""A source's files of documents, staged as the reader of the books stages rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tools.books import document_tables
from tools.ledger.documents.cache import DocumentCache
from tools.ledger.documents.formats import HEAD, format_of, refusal
from tools.ledger.documents.mailbox import messages
from tools.ledger.documents.subprocess_reader import DocumentReader
from tools.ledger.documents.threads import ThreadMail, threads
from tools.ledger.documents.worker import Rows

_BATCH: Final = 2_000
_TYPES: Final = {"VARCHAR": pa.string(), "TIMESTAMP": pa.timestamp("us"), "DATE": pa.date32()}
_TABLES: Final = {
    "email": document_tables.EMAIL,
    "calendar": document_tables.EVENT,
    "document": document_tables.DOCUMENT,
}
_MOMENTS: Final = {"sent_at": "sent", "starts_at": "starts", "ends_at": "ends"}
# One mail in two boxes is one mail; two mails under one id are two.
_STAGED: Final = """
    WITH apart AS (
        SELECT *, row_number() OVER same AS copy,
               dense_rank() OVER (PARTITION BY outcome, doc_id ORDER BY content) AS twin
        FROM read_parquet($path)
        WINDOW same AS (PARTITION BY outcome, doc_id, content ORDER BY at_file, at_line)
    )
    SELECT * EXCLUDE (copy, twin, content, refs)
           REPLACE (CASE WHEN outcome = 'row' AND twin > 1
                         THEN concat(doc_id, '#', twin) ELSE doc_id END AS doc_id,
                    CASE WHEN outcome = 'row' AND copy > 1 THEN 'filtered' ELSE outcome END AS outcome)
    FROM apart
    ORDER BY at_file, at_line
"""


@dataclass(frozen=True)
class Document:
    """A file of documents that was read: its name, digest, and how many rows it gave."""

    file: str
    sha256: str
    rows: int


class Stager:
    """Reads the documents of one source into one Parquet file."""

    def __init__(
        self,
        source: str,
        kind: str,
        zones: tuple[str, str],
        *,
        cache: DocumentCache,
        reader: DocumentReader,
    ) -> None:
        """`zones`: of times without an offset, and the entity's, in which times are kept."""
        self._source, self._kind, self._cache, self._reader = source, kind, cache, reader
        self._zone, self._entity = ZoneInfo(zones[0]), ZoneInfo(zones[1])
        self._columns = _TABLES[kind]
        self._letters: list[ThreadMail] = []
        self._schema = pa.schema(
            [(name, _TYPES[of]) for name, of in self._columns.items()]
            + [(name, pa.string()) for name in ("refs", "content", "at_source", "at_kind", "at_file")]
            + [("at_line", pa.int64()), ("at_code", pa.string()), ("at_amount", pa.int64())]
            + [(name, pa.string()) for name in ("outcome", "reason", "raw")]
        )

    def stage(
        self,
        connection: duckdb.DuckDBPyConnection,
        paths: Iterable[tuple[Path, str]],
        to: Path,
        progress: Callable[[str, int], None] | None = None,
    ) -> list[Document]:
        """Write the rows of all files (path, name in lineage) to `to`; give what each file was.

        Raises OSError when a file is away.
        """
        documents, waiting = [], list[dict[str, Any]]()
        first = to.with_suffix(".first")
        with pq.ParquetWriter(first, self._schema) as writer:
            for path, name in paths:
                rows = list(self._rows(path, name))
                waiting += rows
                documents.append(Document(name, _digest(path), len(rows)))
                if len(waiting) >= _BATCH:
                    writer.write_table(pa.Table.from_pylist(waiting, schema=self._schema))
                    waiting = []
                if progress:
                    progress(name, len(rows))
            writer.write_table(pa.Table.from_pylist(waiting, schema=self._schema))
        self._cache.save()
        self._finish(connection, first, to)
        return documents

    def _finish(self, connection: duckdb.DuckDBPyConnection, first: Path, to: Path) -> None:
        staged = connection.sql(_STAGED, params={"path": str(first)})
        if self._kind != "email":
            staged.write_parquet(str(to), compression="zstd")
            return
        pairs = threads(self._letters)
        connection.register("threads", pa.table({"of": list(pairs), "thread": list(pairs.values())}))
        staged.create_view("lettered", replace=True)
        connection.sql(
            "SELECT l.* REPLACE (coalesce(t.thread, l.doc_id) AS thread_id) FROM lettered l "
            "LEFT JOIN threads t ON t.of = regexp_replace(l.doc_id, '#[0-9]+$', '')"
        ).write_parquet(str(to), compression="zstd")

    def _rows(self, path: Path, name: str) -> Iterator[dict[str, Any]]:
        line = 0
        for form, data in self._jobs(path):
            for row in self._read(form, data):
                line += 1
                yield self._staged(row, name, line)

    def _jobs(self, path: Path) -> Iterator[tuple[str, bytes]]:
        largest = self._reader.limits.size
        with path.open("rb") as file:
            head = file.read(HEAD)
            form = format_of(path, head)
            if form == "mbox" and not refusal(self._kind, form):
                yield from (("mail", data) for data in messages(path, largest))
                return
            yield form, head + file.read(largest + 1 - len(head))

    def _read(self, form: str, data: bytes) -> Rows:
        if why := refusal(self._kind, form):
            return [{"problem": why, "raw": ""}]
        limits = self._reader.limits
        digest = f"{form}:{limits.pages}:{limits.parts}:{hashlib.sha256(data).hexdigest()}"
        rows = self._cache.get(digest)
        if rows is None:
            rows, lasting = self._reader.read(form, data)
            if lasting:
                self._cache.put(digest, rows)
        return rows

    def _staged(self, row: dict[str, Any], name: str, line: int) -> dict[str, Any]:
        cells = {column: row.get(column) or None for column in self._columns}
        cells |= {
            column: self._moment(row.get(key)) for column, key in _MOMENTS.items() if column in self._columns
        }
        if self._kind == "document":
            cells |= {
                "doc_id": name if line == 1 else f"{name}#{line}",
                "dated_on": _day(row.get("dated")),
                "file": name,
            }
        if self._kind == "calendar":
            cells["doc_id"] = cells["doc_id"] or f"{name}#{line}"
        problem = row.get("problem")
        if self._kind == "email" and not problem:
            people = f"{row['sender']} {row['recipients']}"
            self._letters.append(
                ThreadMail(row["doc_id"], row["refs"], cells["sent_at"], row["subject"], people)
            )
        return cells | {
            "refs": row.get("refs"),
            "content": hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest(),
            "at_source": self._source,
            "at_kind": self._kind,
            "at_file": name,
            "at_line": line,
            "outcome": "rejected" if problem else "row",
            "reason": problem,
            "raw": row.get("raw"),
        }

    def _moment(self, text: str | None) -> datetime | None:
        """Read an ISO day or time; give it in the entity's zone, without one."""
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None and len(text) > len("2025-01-01"):
                moment = moment.replace(tzinfo=self._zone)
            return moment.astimezone(self._entity).replace(tzinfo=None) if moment.tzinfo else moment
        except (ValueError, OverflowError):
            return None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
