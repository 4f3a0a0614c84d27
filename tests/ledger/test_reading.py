"""Reading is total: every row of a file is a canonical row, a rejected row, or counted as left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.ledger.conftest import Reader

CARD = {
    "kind": "card",
    "path": "card.csv",
    "columns": {"txn_id": "id", "posted_on": "date", "amount": "amount", "vendor_name": "vendor"},
}


def test_a_csv_becomes_postings_with_lineage(tmp_path: Path, books: Reader) -> None:
    """A posting has its canonical values, exact to the minor unit, and the line that it stands on."""
    (tmp_path / "card.csv").write_text('id,date,amount,vendor\nA1,2025-03-01,12.30,"Acme, Inc."\n')
    with books({"card": CARD}) as snapshot:
        rows = snapshot.rows(
            "SELECT txn_id, posted_on, amount_minor, currency, vendor_key, file, line FROM txn"
        )
    assert rows == [
        {
            "txn_id": "A1",
            "posted_on": date(2025, 3, 1),
            "amount_minor": 1230,
            "currency": "USD",
            "vendor_key": "ACME",
            "file": "card.csv",
            "line": 2,
        }
    ]


def test_what_cannot_be_read_is_rejected_with_its_reason(tmp_path: Path, books: Reader) -> None:
    """A bad date, an ambiguous amount, a ragged row and a NUL are kept, with reason and line."""
    (tmp_path / "card.csv").write_bytes(
        b"id,date,amount,vendor\n"
        b"A1,31.12.2025,1.00,x\n"
        b'A2,2025-01-02,"1.020,00",x\n'
        b"A3,2025-01-02,1.00\n"
        b"A4,2025-01-02,1.00,a\0b\n"
        b"A5,2025-01-02,N/A,-\n"
    )
    with books({"card": CARD}) as snapshot:
        rejected = snapshot.rows("SELECT line, reason FROM rejected ORDER BY line")
        postings = snapshot.rows("SELECT txn_id, amount_minor, vendor_name FROM txn")
        totals = snapshot.rows("SELECT rows, rejected, filtered, sum_minor FROM control_total")
    assert [(row["line"], row["reason"]) for row in rejected] == [
        (2, "posted_on: '31.12.2025' is no date as in ISO 8601"),
        (3, "amount: '1.020,00' is no amount with the decimal mark ."),
        (4, "3 cells where the header has 4"),
        (5, "holds a NUL byte"),
    ]
    assert postings == [{"txn_id": "A5", "amount_minor": None, "vendor_name": None}]
    assert [tuple(row.values()) for row in totals] == [(5, 4, 0, None)]


def test_what_a_source_declares_is_in_the_snapshot(books: Reader, tmp_path: Path) -> None:
    """Required fields and declared totals are tables, in canonical names, minor units and signs."""
    (tmp_path / "card.csv").write_text("id,day,amount\n1,2025-03-03,-5.00\n", encoding="utf-8")
    source = {
        "kind": "card",
        "path": "card.csv",
        "columns": {"txn_id": "id", "posted_on": "day", "amount": "amount"},
        "sign": "negate",
        "required": ["txn_id", "amount"],
        "totals": {"rows": 1, "sum": "-5.00"},
    }
    with books({"card": source}) as snapshot:
        assert snapshot.rows("SELECT field FROM required_field ORDER BY field") == [
            {"field": "amount_minor"},
            {"field": "txn_id"},
        ]
        assert snapshot.rows("SELECT source, rows, sum_minor FROM declared_total") == [
            {"source": "card", "rows": 1, "sum_minor": 500}
        ]
        assert snapshot.rows("SELECT rows, sum_minor FROM control_total") == [{"rows": 1, "sum_minor": 500}]
