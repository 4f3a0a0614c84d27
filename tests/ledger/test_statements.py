"""Bank statements in camt.053, BAI2 and OFX become postings; what cannot be read is rejected, not dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.ledger.conftest import SETTINGS, Reader
from tools.core.errors import SourcesError
from tools.ledger.guess.propose import propose

COLUMNS = {
    "txn_id": "txn_id", "posted_on": "posted_on", "amount": "amount", "currency": "currency",
    "vendor_name": "vendor_name", "reference": "reference", "description": "description",
    "account": "account",
}  # fmt: skip

ENTRY = """
<Ntry><NtryRef>{ref}</NtryRef><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>
<Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>
<NtryDtls><TxDtls><Refs><EndToEndId>RF18</EndToEndId></Refs>
<RltdPties><Dbtr><Nm>Ada &amp; Sons</Nm></Dbtr><Cdtr><Pty><Nm>Northquay BV</Nm></Pty></Cdtr></RltdPties>
<RmtInf><Ustrd>Invoice 77</Ustrd><Ustrd>part two</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S1</Id>
<Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>
<Amt Ccy="EUR">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
{entries}
</Stmt></BkToCstmrStmt></Document>"""
BAI2 = """01,BANK,CUST,250303,0700,1,80,1,2/
02,CUST,BANK,1,250303,0700,USD,2/
03,0001234,USD,010,100000,,,015,{closing},,/
16,475,12345,Z,,CHK 1001,PAID CHECK
88,NUMBER 1001, TO ACME
16,195,500,V,250304,,W77,R9,WIRE FROM ADA/
16,890,1,Z,,,NO MONEY/
49,{closing},5/
98,100,1,7/
99,100,1,9/
"""
OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD<BANKACCTFROM><ACCTID>0001234</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20250301
<STMTTRN>
<TRNTYPE>DEBIT
<DTPOSTED>20250303120000[-5:EST]
<TRNAMT>-12.30
<FITID>F1
<NAME>Ada &amp; Sons
<MEMO>Invoice 77
</STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>2025<TRNAMT>5.00<FITID>F2</STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20250304<TRNAMT>7,50<FITID>F3
<STMTTRN><TRNTYPE>CHECK<DTPOSTED>20250305<TRNAMT>-9.99<FITID>F4<CHECKNUM>1001</STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def _read(
    books: Reader, name: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[str, list[str]]]:
    with books({"bank": {"kind": "bank", "path": name, "columns": COLUMNS}}) as snapshot:
        rows = snapshot.rows("SELECT * FROM txn ORDER BY line")
        return rows, snapshot.rows("SELECT line, reason FROM rejected ORDER BY line"), snapshot.manifest.notes


def _odd(folder: Path) -> list[tuple[str, str, str]]:
    """Give what a statement says of itself and its lines do not: subject, what it says, what they give."""
    rows = pq.read_table(folder / "run" / "snapshot" / "statement_proof.parquet").to_pylist()
    return [(row["subject"], row["expected"], row["actual"]) for row in rows if not row["ties"]]


def _camt(entries: str, closing: str = "87.70") -> str:
    return CAMT.format(entries=entries, closing=closing)


def test_camt_entries_become_postings(tmp_path: Path, books: Reader) -> None:
    """Sign from the indicator, the other party by the side, remittance text whole, the account's number."""
    out = ENTRY.format(ref="N1", amount="20.00", side="DBIT", day="2025-03-03")
    come = ENTRY.format(ref="N2", amount="7.70", side="CRDT", day="2025-03-04")
    (tmp_path / "s.xml").write_text(_camt(out + come))
    rows, rejected, notes = _read(books, "s.xml")
    assert (rejected, notes) == ([], {})
    assert [(r["txn_id"], r["amount_minor"], r["currency"], r["vendor_name"], r["line"]) for r in rows] == [
        ("N1", -2000, "EUR", "Northquay BV", 1),
        ("N2", 770, "EUR", "Ada & Sons", 2),
    ]
    assert (rows[0]["description"], rows[0]["reference"]) == ("Invoice 77 part two", "RF18")
    assert rows[0]["account"] == "DE02120300000000202051"


def test_a_bad_camt_entry_costs_only_itself(tmp_path: Path, books: Reader) -> None:
    """No side, no such day, a broken-off file: rejected with reason; balances that do not roll are noted."""
    entries = [
        ENTRY.format(ref="N1", amount="20.00", side="DBIT", day="2025-03-03"),
        ENTRY.format(ref="N2", amount="7.70", side="BOTH", day="2025-03-04"),
        ENTRY.format(ref="N3", amount="1.00", side="CRDT", day="2025-02-31"),
    ]
    (tmp_path / "s.xml").write_text(_camt("".join(entries), "500.00"))
    rows, rejected, _ = _read(books, "s.xml")
    assert [row["txn_id"] for row in rows] == ["N1"]
    assert [row["line"] for row in rejected] == [2, 3]
    assert rejected[0]["reason"] == "neither credit nor debit"
    assert _odd(tmp_path) == [("closing balance", "500.00", "81.00")]
    (tmp_path / "s.xml").write_text(_camt("".join(entries))[:-900])
    rows, rejected, _ = _read(books, "s.xml")
    assert len(rows) == 1
    assert "breaks off here" in rejected[-1]["reason"]


def test_entities_and_other_xml_are_refused(tmp_path: Path, books: Reader) -> None:
    """A file that grows when read, or that is another document, is one clear error."""
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Document><Stmt>&b;</Stmt></Document>'
    (tmp_path / "s.xml").write_text(bomb)
    with pytest.raises(SourcesError, match="refused"):
        _read(books, "s.xml")
    (tmp_path / "s.xml").write_text("<html><body/></html>")
    with pytest.raises(SourcesError, match="HTML or XML that is no bank statement"):
        _read(books, "s.xml")


@pytest.mark.parametrize(("closing", "noted"), [("88155", False), ("90000", True)])
def test_bai2(tmp_path: Path, books: Reader, closing: str, *, noted: bool) -> None:
    """Minor units, signs by type code, continued text; what is neither credit nor debit is rejected."""
    (tmp_path / "s.bai").write_text(BAI2.format(closing=closing))
    rows, rejected, _ = _read(books, "s.bai")
    assert [(r["amount_minor"], str(r["posted_on"]), r["reference"], r["line"]) for r in rows] == [
        (-12345, "2025-03-03", "CHK 1001", 4),
        (500, "2025-03-03", "R9", 6),
    ]
    assert rows[0]["description"] == "PAID CHECK NUMBER 1001, TO ACME"
    assert rejected == [{"line": 7, "reason": "type code '890' says neither credit nor debit"}]
    assert ("closing balance" in [subject for subject, _, _ in _odd(tmp_path)]) is noted


def test_ofx(tmp_path: Path, books: Reader) -> None:
    """SGML without end tags is read; a bad day is rejected with its line; a decimal comma is one."""
    (tmp_path / "s.qfx").write_text(OFX)
    rows, rejected, _ = _read(books, "s.qfx")
    assert [(r["txn_id"], r["amount_minor"], str(r["posted_on"]), r["line"]) for r in rows] == [
        ("F1", -1230, "2025-03-03", 7),
        ("F3", 750, "2025-03-04", 16),
        ("F4", -999, "2025-03-05", 17),
    ]
    assert (rows[0]["vendor_name"], rows[0]["account"], rows[2]["reference"]) == (
        "Ada & Sons",
        "0001234",
        "1001",
    )
    assert [row["line"] for row in rejected] == [15]


@pytest.mark.parametrize(("name", "text"), [("s.bai", "a,b\n1,2\n"), ("s.ofx", "a,b\n1,2\n")])
def test_what_is_no_statement_says_so(tmp_path: Path, books: Reader, name: str, text: str) -> None:
    """Another file under a statement's suffix is one error that names it, and no traceback."""
    (tmp_path / name).write_text(text)
    with pytest.raises(SourcesError, match="is no"):
        _read(books, name)


def test_init_proposes_statements(tmp_path: Path) -> None:
    """A folder with a statement of each kind: all are banks, with the columns that they have."""
    entry = ENTRY.format(ref="N{n}", amount="20.00", side="DBIT", day="2025-03-03")
    (tmp_path / "s.xml").write_text(_camt("".join(entry.replace("{n}", str(n)) for n in range(9))))
    assert "currency: EUR" in propose(tmp_path, SETTINGS).text
    (tmp_path / "s.ofx").write_text(OFX)
    assert propose(tmp_path, SETTINGS).sources == {"s": "bank", "s_xml": "bank"}


def test_amounts_finer_than_the_currency_are_no_ofx_posting(tmp_path: Path, books: Reader) -> None:
    """Four decimals are read where they are nought beyond the currency's, and rejected where they are not."""
    text = OFX.replace("-12.30", "-12.3000").replace("-9.99", "-9.9912")
    (tmp_path / "s.ofx").write_text(text)
    rows, rejected, _ = _read(books, "s.ofx")
    assert [row["amount_minor"] for row in rows] == [-1230, 750]
    assert rejected[-1] == {"line": 17, "reason": "amount: '-9.9912' is finer than a minor unit of USD"}
