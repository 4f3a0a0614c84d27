"""A large file read in parts gives the rows of the whole, under the same numbers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.ledger.readers import cell_batches, csv_records, file_parts
from tools.ledger.readers.csv_file import CsvFile
from tools.ledger.readers.file_parts import FilePart
from tools.ledger.readers.parquet_file import ParquetFile

LINES = st.sampled_from(
    [b"a,1", b"b,2", b'"c,c",3', b'"d', b'd",4', b'e""', b'"', b"", b"f", b"g,\xe9", b"h,\xc3\xa9\r", b"\0,1"]
)


@settings(max_examples=120, deadline=None)
@given(lines=st.lists(LINES, max_size=60), size=st.integers(1, 80), block=st.integers(5, 60))
def test_a_csv_file_in_parts_is_the_same_file(lines: list[bytes], size: int, block: int) -> None:
    """Quotes that stay open, records of many lines, odd bytes: no record is cut, no line is numbered anew."""
    data = b"\n".join([b"x,y", *lines])
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(csv_records, "MAX_LINES", 4),
        patch.object(file_parts, "BLOCK", block),
    ):
        path = Path(folder) / "x.csv"
        path.write_bytes(data)
        parts = file_parts.cut(path, behind=0, size=size)
        whole = CsvFile(path, None)
        expected = _rows(whole)
        ends = (parts[0].start, parts[-1].end) if parts else (0, len(data))
        assert ends == (0, len(data))
        read = [CsvFile(path, None, part=part) for part in parts] or [CsvFile(path, None)]
        assert [row for file in read for row in _rows(file)] == expected
        assert {file.sha256 for file in read} == {whole.sha256}
        assert {note for file in read for note in file.notes} == set(whole.notes)


def test_a_plain_csv_file_is_cut(tmp_path: Path) -> None:
    """A file with many lines is read in several parts."""
    path = tmp_path / "x.csv"
    path.write_text("x,y\n" + "".join(f'{n},"{n}"\n' for n in range(3_000)), encoding="utf-8")
    with patch.object(file_parts, "BLOCK", 4_096):
        parts = file_parts.cut(path, behind=0, size=8_000)
    assert len(parts) > 2
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]


def test_a_parquet_file_is_cut_between_row_groups(tmp_path: Path) -> None:
    """Each part has whole row groups; together they have each row once, by its number in the file."""
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"x": range(950), "y": ["a"] * 950}), path, row_group_size=100)
    parts = file_parts.cut(path, behind=0, size=2_000)
    assert len(parts) > 2
    assert {part.start % 100 for part in parts} == {0}
    with duckdb.connect() as connection:
        whole = _rows(ParquetFile(connection, path, "."))
        rows = [row for part in parts for row in _rows(ParquetFile(connection, path, ".", part))]
    assert rows == whole
    assert rows[-1]["line"] == 950
    assert [FilePart(file_parts.digest(path), part.start, part.end) for part in parts] == parts


def _rows(file: CsvFile | ParquetFile) -> list[dict[str, Any]]:
    batches = list(file.batches())
    table = pa.Table.from_batches(batches, cell_batches.schema(len(file.names)))
    return sorted(table.to_pylist(), key=lambda row: row["line"])
