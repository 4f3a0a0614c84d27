"""Many files are read together and each once, whatever links lead to them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.ledger.conftest import SETTINGS, Reader, write_sources
from tools.ledger import Window, read, small_files
from tools.ledger import sources as declared

COLUMNS = {"txn_id": "id", "posted_on": "day", "vendor_name": "who", "amount": "amount"}
CARD = {"kind": "card", "path": "card/**/*.csv", "columns": COLUMNS}
ODD = {
    7: 'id,day,who,amount\nQ7,2025-03-01,"Acme, Inc.",1.00\n',  # quotes
    8: "day,id,who,amount\n2025-03-01,O8,Acme,2.00\n",  # another order
    9: "id,day,who,amount\r\nR9,2025-03-01,Acme,3.00\r\n",  # other line ends
    10: "id,day,who,amount\nN10,2025-03-01,Acme,4.00",  # no last line end
    11: "id,day,who,amount\n",  # no rows
    12: "",  # nothing
    13: "id,day,who,amount\nB13,2025-03-01,Acme\n\nB13b,2025-03-01,Acme,5.00\n",  # a row too short, a blank
    14: "id,day,who,amount\nX14,never,Acme,6.00\n",  # no day
    15: "\ufeffid,day,who,amount\nM15,2025-03-01,Acm\u00e9,7.00\n",  # a mark
}


def _write(folder: Path, count: int) -> None:
    (folder / "card").mkdir()
    for number in range(count):
        text = f"id,day,who,amount\nC{number},2025-03-02,Acme,{number}.10\nD{number},2025-03-03,Acme,1.00\n"
        (folder / "card" / f"c{number:03}.csv").write_text(ODD.get(number, text), encoding="utf-8")


@pytest.mark.exhaustive
def test_joined_or_apart_files_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table is the same, with each row's file and line, as when each file is read by itself."""
    _write(tmp_path, 60)
    manifests = []
    for many in (50, 1000):
        monkeypatch.setattr(small_files, "_MANY", many)
        sources = declared.load(write_sources(tmp_path, {"card": CARD}))
        manifests.append(read(sources, Window({}, date(2030, 1, 1)), SETTINGS, tmp_path / f"snapshot{many}"))
    joined, apart = manifests
    assert joined.tables["txn"].rows > 100
    assert joined.tables == apart.tables


def test_a_circle_of_links_leads_to_each_file_once(tmp_path: Path, books: Reader) -> None:
    """Folders that link to themselves and to each other, and files that are linked twice, are read once."""
    _write(tmp_path, 3)
    card = tmp_path / "card"
    (card / "self").symlink_to(card)
    (card / "up").symlink_to(tmp_path)
    (card / "again.csv").symlink_to(card / "c000.csv")
    (card / "circle").symlink_to(card / "circle")
    with books({"card": CARD}) as snapshot:
        totals = snapshot.rows("SELECT file, rows FROM control_total ORDER BY 1")
    assert [row["rows"] for row in totals] == [2, 2, 2]
