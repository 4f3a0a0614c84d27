"""SIE 4: the vouchers of a Nordic ledger, its accounts by number and name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger.test_exports import audited, days_and_cents, named
from tools.core.errors import SourcesError
from tools.ledger.readers.sie import Sie

SIE = """#FLAGGA 0
#FORMAT PC8
#SIETYP 4
#FNAMN "Björk & Co AB"
#VALUTA NOK
#KONTO 6110 "Kontorsmateriel"
#KONTO 1930 "Företagskonto"
#IB 0 1930 50000.00
#VER A 7 20260302 "Pärmar"
{
   #TRANS 6110 {1 "10"} 812.50
   #BTRANS 1930 {} -812.00
   #TRANS 1930 {} -812.50 20260303 "Ut \\"kort\\""
}
#VER "" "" 20260304 Avgift
{
#TRANS 6570 {} 12.00
#TRANS 1930 {} -11.00
}
"""


@pytest.mark.parametrize("encoding", ["cp437", "utf-8"])
def test_vouchers_are_a_ledger(tmp_path: Path, encoding: str) -> None:
    """Each line of a voucher is a posting of its account; what was struck out is none."""
    (tmp_path / "bok.se").write_bytes(SIE.encode(encoding))
    sources, rows, rejected = audited(tmp_path)
    assert {entry["kind"] for entry in sources.values()} == {"ledger"}
    assert [(str(day), cents) for day, cents in days_and_cents(rows)] == [
        ("2026-03-02", 812_50), ("2026-03-03", -812_50), ("2026-03-04", 12_00), ("2026-03-04", -11_00),
    ]  # fmt: skip
    assert not rejected
    texts = [(text, account) for _, text, account in named(tmp_path)]
    assert texts == [
        ("Pärmar", "6110 Kontorsmateriel"), ('Ut "kort"', "1930 Företagskonto"), ("Avgift", "6570"),
        ("Avgift", "1930 Företagskonto"),
    ]  # fmt: skip


def test_a_voucher_that_is_not_nought_does_not_tie(tmp_path: Path) -> None:
    """Each voucher says by its own sum whether it is whole."""
    path = tmp_path / "bok.se"
    path.write_bytes(SIE.encode("cp437"))
    reader = Sie(path)
    assert sum(1 for row in reader.rows() if not row.aside) == 4
    assert [(proof.subject, proof.ties) for proof in reader.proofs] == [
        ("sum of a voucher", True), ("sum of a voucher", False),
    ]  # fmt: skip


def test_balances_alone_are_no_journal(tmp_path: Path) -> None:
    """A SIE file without vouchers says what to export."""
    (tmp_path / "saldon.se").write_text(SIE.split("#VER", maxsplit=1)[0])
    with pytest.raises(SourcesError, match="without vouchers"):
        Sie(tmp_path / "saldon.se")
