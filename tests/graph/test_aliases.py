"""A name that one run learned is known to the next."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from graph.runtime import session
from tests.graph.small import settings_of
from tools.books.engine import Books
from tools.core import settings
from tools.runs import workspace
from tools.store import aliases, open_store

_SOURCES = {
    "entity": {"name": "Kiosk Ltd", "currency": "USD"},
    "sources": {
        "bank": {
            "kind": "bank",
            "path": "bank.csv",
            "columns": {"txn_id": "id", "posted_on": "day", "description": "text", "amount": "amount"},
        },
        "ledger": {
            "kind": "ledger",
            "path": "ledger.csv",
            "columns": {"txn_id": "id", "posted_on": "day", "vendor_name": "who", "amount": "amount"},
        },
    },
    "pairs": [{"name": "bank_to_ledger", "left": "bank", "right": "ledger", "mode": "full"}],
}
_PARTIES = ("Alder Supply", "Beacon Travel", "Cedar Print", "Dune Software")


def _write(folder: Path, *, later: bool) -> Path:
    bank, ledger = [["id", "day", "text", "amount"]], [["id", "day", "who", "amount"]]
    for number in range(40):
        day, party = date(2025, 3, 3) + timedelta(days=number % 25), _PARTIES[number % 4]
        text = f"KSK VENDING {4711 + number}" if number % 4 == 0 else f"ACH {party.upper()}"
        amount = f"-{100 + number * 37}.{10 + number}"
        bank.append([f"B{number:02}", str(day), text, amount])
        ledger.append([f"L{number:02}", str(day), party, amount])
    if later:
        bank.append(["B90", "2025-04-10", "KSK VENDING 9", "-500.00"])
        ledger += [["L90", "2025-04-10", party, "-500.00"] for party in ("Dune Software", "Alder Supply")]
    for name, rows in (("bank", bank), ("ledger", ledger)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    (folder / "sources.yaml").write_text(yaml.safe_dump(_SOURCES), encoding="utf-8")
    return folder / "sources.yaml"


def test_a_name_learned_in_march_decides_in_april(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In April two entries fit; the one is taken whose vendor the text stood for in March."""
    for name, value in settings_of(tmp_path).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "rules.yaml").write_text("{}", encoding="utf-8")
    inputs = {"sources": str(_write(tmp_path, later=False)), "as_of": "2025-03-31"}
    assert session.start(inputs, thread_id="march").values["outcome"] == "clean"
    stood_for = aliases.names_of(open_store(settings.load().database_url), "Kiosk Ltd")
    assert stood_for["KSK VENDING"] == "ALDER SUPPLY"
    inputs = {"sources": str(_write(tmp_path, later=True)), "as_of": "2025-04-30"}
    values = session.start(inputs, thread_id="april").values
    desk = settings.load()
    matches = workspace.located(desk, values["checks"]["reconciliation"]["tables"]["match"]["uri"])
    with Books.open(workspace.located(desk, values["snapshot"]["uri"]), desk) as books:
        vendors = books.rows(
            "SELECT t.vendor_name FROM read_parquet($path) m JOIN txn t ON t.row_key = m.right_key "
            "WHERE m.left_id = 'B90'",
            {"path": str(matches)},
        )
    assert vendors == [{"vendor_name": "Alder Supply"}]
