"""What had not cleared at a month's end is carried forward, and flagged when it should have cleared."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.runtime import session
from tests.graph.small import settings_of
from tools.core import settings
from tools.store import flags, open_store

COLUMNS = {"txn_id": "id", "posted_on": "day", "description": "text", "amount": "amount"}
SOURCES = {
    "entity": {"name": "Quay Ltd", "currency": "USD", "materiality": "500000.00"},  # one payment asks nobody
    "sources": {
        "bank": {"kind": "bank", "path": "bank.csv", "columns": COLUMNS},
        "books": {"kind": "ledger", "path": "books.csv", "columns": COLUMNS},
    },
    "pairs": [{"name": "bank_to_books", "left": "bank", "right": "books", "mode": "full"}],
}
PARTIES = ("Alder Supply", "Beacon Travel", "Cedar Print", "Dune Software")


def write(folder: Path, until: date) -> str:
    """Write a bank and books that agree, but for one payment of 31 March that never leaves the bank."""
    bank, books = [["id", "day", "text", "amount"]], [["id", "day", "text", "amount"]]
    for number in range(90):
        day, party = date(2025, 3, 3) + timedelta(days=number), PARTIES[number % 4]
        amount = f"-{100 + number * 37}.{10 + number}"
        if day <= until:
            books.append([f"L{number:02}", str(day), party, amount])
            bank.append([f"B{number:02}", str(day), f"ACH {party.upper()}", amount])
    books.append(["LATE", "2025-03-31", "Elm Catering", "-5417.23"])
    for name, rows in (("bank", bank), ("books", books)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    (folder / "sources.yaml").write_text(yaml.safe_dump(SOURCES), encoding="utf-8")
    return str(folder / "sources.yaml")


def audit(folder: Path, until: date) -> dict[str, Any]:
    """Audit the books as they stood on a day."""
    inputs = {"sources": write(folder, until), "as_of": str(until)}
    values: dict[str, Any] = dict(session.start(inputs, thread_id=str(until)).values)
    return values


def test_what_does_not_clear_is_flagged_once_when_it_should_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On its own day it is an outstanding payment; a month later it is a break; later it is no news."""
    for name, value in settings_of(tmp_path).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "rules.yaml").write_text("{}", encoding="utf-8")
    march, april, may = (audit(tmp_path, date(2025, *day)) for day in ((3, 31), (4, 30), (5, 28)))
    assert [values["outcome"] for values in (march, april, may)] == ["clean", "flagged", "clean"]
    (flag,) = flags.find(open_store(settings.load().database_url))
    assert (flag.txn_id, flag.lead_test, flag.run_id) == ("LATE", "unmatched_row", april["run_id"])
    assert april["merged"]["suspects"] == 1
    assert april["merged"]["suspicious_share"] == 0.0
