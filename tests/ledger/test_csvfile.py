"""CSV is read totally: each line that is not blank is in exactly one record, whatever its bytes."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tools.ledger.readers import cell_batches, csv_file, csv_records, encodings
from tools.ledger.readers.csv_file import CsvFile
from tools.ledger.readers.csv_records import MAX_LENGTH
from tools.ledger.readers.text_blocks import TextFile

PIECES = st.sampled_from(
    [
        b"a",
        b"1.50",
        b",",
        b",",
        b'"',
        b'""',
        b"\n",
        b"\n",
        b"\r\n",
        b"\r",
        b" ",
        b"\xe9",
        b"\xc3\xa9",
        b"\0",
        b";",
    ]
)
WHOLE = 8 << 20


def rows(data: bytes, block: int = WHOLE) -> list[dict[str, Any]]:
    """Write the bytes as a file and read it in blocks of a size."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(data)
        head = csv_file.header(TextFile(path), None)
        if head is None:
            return []
        width = len(head.names)
        batches = cell_batches.trimmed(csv_file.batches(TextFile(path, block), head), width)
        records: list[dict[str, Any]] = pa.Table.from_batches(batches, cell_batches.schema(width)).to_pylist()
        return sorted(records, key=lambda row: row["line"])


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(PIECES, max_size=40))
def test_no_line_is_lost_or_read_twice(pieces: list[bytes]) -> None:
    """Every line with anything on it is in one record; what is blank is in none, or inside a quoted cell."""
    lines = (b"".join(pieces)).decode("cp1252").split("\n")
    records = list(csv_records.records(lines, ",", 2, last=True))
    covered = [line for record in records for line in range(record.line, record.line + record.lines)]
    assert len(covered) == len(set(covered))
    assert {at for at, line in enumerate(lines) if line.strip()} <= set(covered)


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(PIECES, max_size=40), header=st.sampled_from([b"x,y", b"x", b"x,y,z"]))
def test_the_fast_way_reads_what_the_slow_way_reads(pieces: list[bytes], header: bytes) -> None:
    """Arrow's parser is used only where it gives what the line by line reading gives."""
    body = b"".join(pieces)
    odd = [line for line in body.split(b"\n") if not _is_utf8(line)]
    encoding = encodings.decided(b"\n".join(odd)) if odd else "utf-8"
    text = b"\n".join(
        line if _is_utf8(line) else line.decode(encoding, "replace").encode() for line in body.split(b"\n")
    )
    lines = [line.rstrip("\r") for line in text.decode().split("\n")]
    width = header.count(b",") + 1
    empty: list[str | None] = [None] * width
    expected = [
        (r.line + 2, [cell.strip(cell_batches.BLANK) for cell in r.cells] or empty, r.problem)
        for r in csv_records.records(lines, ",", width, last=True)
    ]
    records = rows(header + b"\n" + body)
    assert [
        (row["line"], [row[f"c{i}"] for i in range(width)], row["problem"]) for row in records
    ] == expected


@settings(max_examples=100, deadline=None)
@given(pieces=st.lists(PIECES, max_size=30), block=st.integers(2, 30))
def test_the_size_of_a_block_changes_nothing(pieces: list[bytes], block: int) -> None:
    """A file reads the same in one block and in blocks of a few bytes."""
    data = b"x,y\n" + b"".join(pieces) + b"\n"
    assert rows(data) == rows(data, block)


def _as_read(cell: str) -> str:
    """Give a cell without white space around it and a spreadsheet's mark of text: '0012, ="0012"."""
    bare = cell.strip(cell_batches.BLANK)
    marked = re.fullmatch(r"""'([+-]?[0-9][^']*)|="([^"]*)\"""", bare)
    return (marked[1] or marked[2]) if marked else bare


@settings(max_examples=100, deadline=None)
@example(cells=[["'0", '="0012"', "'t Hof"], ["'-1", '=""', "'0'"]])
@given(
    cells=st.lists(
        st.lists(
            st.text(st.characters(exclude_characters="\r\0", codec="utf-8"), max_size=8),
            min_size=3,
            max_size=3,
        ),
        max_size=8,
    )
)
def test_what_a_csv_writer_writes_comes_back(cells: list[list[str]]) -> None:
    """CSV with any quoting and line ends inside cells is read back cell by cell, bare of marks of text."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([["a", "b", "c"], *cells])
    records = rows(text.getvalue().encode())
    assert [[row["c0"], row["c1"], row["c2"]] for row in records] == [
        [_as_read(cell) for cell in row] for row in cells
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"1", "1 cell where the header has 2"),
        (b"1,2,3", "3 cells where the header has 2"),
        (b'1,"two', "a quote opens and does not close"),
        (b'1,"two"x', "text stands after a closing quote"),
        (b"1,t\0wo", "holds a NUL byte"),
        (b'1,"' + b"x" * MAX_LENGTH + b'"', f"longer than {MAX_LENGTH:,} characters"),
        (b"1," + b"x" * 10_000_000, f"longer than {MAX_LENGTH:,} characters"),
    ],
)
def test_a_bad_line_costs_only_itself(line: bytes, problem: str) -> None:
    """A line that cannot be read is rejected with its reason; those around it are read."""
    records = rows(b"x,y\nbefore,1\n" + line + b"\nafter,2\n")
    assert [(row["line"], row["c0"], row["problem"]) for row in records] == [
        (2, "before", None),
        (3, None, problem),
        (4, "after", None),
    ]


@pytest.mark.parametrize(
    ("data", "name", "note"),
    [
        ("\ufeffx,y\ncafé,1\n".encode(), "café", ()),
        ("x,y\r\ncafé,1\r\n".encode("cp1252"), "café", ("windows-1252",)),
        ("\ufeffx,y\ncafé,1\n".encode("utf-16-le"), "café", ("utf-16-le",)),
        (b"x,y\rold,1\r", "old", ()),
        (b"x;y\nsemi;1\n", "semi", ()),
        (b"\n\nx,y\nlate,1\n", "late", ()),
        (b"x,y\nno end,1", "no end", ()),
        (b"x,y\ntrailing,1,,\n", "trailing", ()),
    ],
)
def test_encodings_and_line_ends(tmp_path: Path, data: bytes, name: str, note: tuple[str, ...]) -> None:
    """UTF-8 with and without BOM, UTF-16, Windows-1252, all line ends; what is odd is noted."""
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    file = CsvFile(path, None)
    (row,) = pa.Table.from_batches(file.batches()).to_pylist()
    assert (file.names, row["c0"], row["c1"], file.notes) == (("x", "y"), name, "1", note)


def test_half_width_kana_are_read_by_what_the_header_says() -> None:
    """A Japanese bank's lines of half-width kana are Shift JIS: in that alone its columns are words."""
    lines = ["日付,摘要,お支払金額,お預り金額,差引残高"]
    lines += [f"2025/04/{day},振込 ｷﾀﾉﾎ-ﾙﾃﾞｲﾝｸﾞｽ ｶ){day},{day}000,,900000" for day in range(10, 29)]
    assert encodings.decided("\n".join(lines).encode("cp932")) == "cp932"
    assert encodings.decided("Größe;Straße\nKöln;Ärger über Öl\n".encode("cp1252")) == "cp1252"


def test_one_line_in_another_encoding_leaves_the_others_alone() -> None:
    """Only the line that is not UTF-8 is read as Windows-1252."""
    records = rows(b"x,y\n" + "é,1\n".encode() + b"\xe9,2\n")
    assert [row["c0"] for row in records] == ["é", "é"]


def test_stray_quotes_do_not_swallow_lines() -> None:
    """Two lines with a stray quote each are not taken for one cell that spans what lies between."""
    records = rows(b'x,y\na,"1\nb,2\nc,3"\nd,4\n')
    assert [(row["line"], row["c0"], row["problem"] is None) for row in records] == [
        (2, None, False),
        (3, "b", True),
        (4, "c", True),
        (5, "d", True),
    ]


def test_a_cell_over_several_lines_is_one_row() -> None:
    """`line` is where the row starts; the next row's counts the lines inside the cell."""
    records = rows(b'x,y\n1,"one\ntwo, three\n\nfour"\n2,b\n')
    assert [(row["line"], row["c1"]) for row in records] == [(2, "one\ntwo, three\n\nfour"), (6, "b")]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "A", "b"], ("a (1)", "A (2)", "b")),
        (["a", "", " "], ("a", "column 2", "column 3")),
    ],
)
def test_column_names_are_told_apart(names: list[str], expected: tuple[str, ...]) -> None:
    """Repeated and blank names get a number."""
    assert cell_batches.distinct(names) == expected


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
