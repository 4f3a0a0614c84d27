"""MT940 statements whose head says less than it should: what it does say is read."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from tools.ledger.readers.mt940 import Mt940
from tools.ledger.readers.row_reader import STATEMENT


def test_a_balance_without_a_day_still_says_its_currency(tmp_path: Path) -> None:
    """As some German banks open an account's first statement: 000000, and the balance proves the rest."""
    path = tmp_path / "first.sta"
    path.write_text(
        ":20:FIRST\n:25:DE19662800530622160900\n:28C:00002/1\n:60F:C000000EUR0,00\n"
        ":61:1911071107C396,00N025NONREF\n:86:191?00UEBERWSG?20Abnahme 3240\n:62F:C191107EUR396,\n-\n"
    )
    reader = Mt940(path)
    (row,) = reader.rows()
    cells = dict(zip(STATEMENT, row.cells, strict=True))
    assert (row.problem, cells["posted_on"], cells["amount"], cells["currency"]) == (
        None,
        "2019-11-07",
        "396.00",
        "EUR",
    )
    (proof,) = reader.proofs
    assert proof.expected == proof.actual == Decimal(396)
