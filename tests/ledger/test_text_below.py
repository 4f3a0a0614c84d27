"""Text that goes on in lines below: brought up to its posting, however the file is cut into batches."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.ledger.conftest import SETTINGS, Reader
from tools.ledger.guess.propose import propose
from tools.ledger.readers.text_below import TEXT, TextBelow

NAMES = ("day", "text", "amount")
STATEMENT = """\
Day,Text,Money out,Money in
04/05/2025,TRANSFER,"1,200.00",
,HILL ESTATES,,
,SHOP 2,,
19/05/2025,GIRO,,640.50
,BAY FOODS INV 7,,
"""


def batch(lines: list[tuple[str, str, str]]) -> pa.RecordBatch:
    """Make a batch as the reader of a file does."""
    cells = {f"c{at}": pa.array([line[at] or None for line in lines], pa.string()) for at in range(3)}
    rest = {name: pa.array([None] * len(lines), pa.string()) for name in ("problem", "raw", "aside")}
    return pa.RecordBatch.from_pydict(
        {**cells, "line": pa.array(range(len(lines))), "problem": rest["problem"], "raw": rest["raw"],
         "aside": rest["aside"]}
    )  # fmt: skip


@given(more=st.lists(st.integers(0, 3), min_size=1, max_size=6), data=st.data())
def test_batches_are_cut_anywhere(more: list[int], data: st.DataObject) -> None:
    """Each posting has its own text and all below it, in order; each line comes out once."""
    lines, texts = list[tuple[str, str, str]](), list[str]()
    for number, count in enumerate(more):
        own = [f"p{number}", *(f"t{number}.{at}" for at in range(count))]
        lines += [("2025-01-01", own[0], "1.00"), *(("", text, "") for text in own[1:])]
        texts.append(" ".join(own))
    cut = data.draw(st.integers(0, len(lines)))
    parts = [batch(part) for part in (lines[:cut], lines[cut:]) if part]
    table = pa.Table.from_batches(TextBelow(NAMES, ["text"]).batches(parts)).to_pylist()
    assert [row["c1"] for row in table if row["aside"] is None] == texts
    assert [row["aside"] for row in table if row["c0"] is None] == [TEXT] * sum(more)
    assert len(table) == len(lines)


def test_a_party_on_the_next_line_is_the_postings(tmp_path: Path, books: Reader) -> None:
    """The guess takes it, and what is booked names the party; no line of text is rejected or lost."""
    (tmp_path / "statement.csv").write_text(STATEMENT, encoding="utf-8")
    text = propose(tmp_path, SETTINGS).text
    assert "text_below: [Text]" in text
    source = {
        "kind": "bank", "path": "statement.csv", "date_format": "%d/%m/%Y", "text_below": ["Text"],
        "columns": {"posted_on": "Day", "description": "Text", "debit": "Money out", "credit": "Money in"},
    }  # fmt: skip
    with books({"bank": source}) as snapshot:
        rows = snapshot.rows("SELECT description, amount_minor FROM txn ORDER BY line")
        rejected = snapshot.rows("SELECT * FROM rejected")
    assert [tuple(row.values()) for row in rows] == [
        ("TRANSFER HILL ESTATES SHOP 2", -120000),
        ("GIRO BAY FOODS INV 7", 64050),
    ]
    assert rejected == []


def test_a_lone_line_at_the_end_is_a_note(tmp_path: Path) -> None:
    """What stands under one posting of several does not make all text go on."""
    (tmp_path / "statement.csv").write_text(
        "Day,Text,Amount\n04/05/2025,Rent Hill,-12.00\n19/05/2025,Bay Foods,64.50\n,Printed at the branch,\n",
        encoding="utf-8",
    )
    assert "text_below" not in propose(tmp_path, SETTINGS).text
