"""The leak test finds what leaks: a test that cannot fail would prove nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.model.leaks import look
from tests.books import make_books

ROWS = [
    {
        "row_key": "a",
        "vendor_name": "Acme Widgets",
        "person_name": "Dana Ortiz",
        "bank_account": "DE89370400440532013000",
    }
]
PEOPLE = [
    {"person_id": "E1", "person_name": "Dana Ortiz", "email": "dana@desk.example", "tax_id": "123-45-6789"}
]


def _request(text: str) -> list[bytes]:
    messages = [{"role": "system", "content": "Look at the row."}, {"role": "user", "content": text}]
    return [json.dumps({"messages": messages}).encode()]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give books that hold something to leak."""
    folder = tmp_path_factory.mktemp("snapshot")
    make_books(folder, txn=ROWS, employee=PEOPLE).close()
    return folder


@pytest.mark.parametrize(
    "text",
    [
        "paid by Dana Ortiz",
        "DANA ORTIZ did",
        "see danaortiz",
        "D\u00e1na  Ort\u00edz",
        "to ACME WIDGETS",
        "mail dana@desk.example",
        "or other@desk.example",
        "tax 123 45 6789",
        "iban de89 3704 0044 0532 0130 00",
        "card 4012 8888 8888 1881",
    ],
)
def test_a_leak_is_found(snapshot: Path, text: str) -> None:
    """In any spelling."""
    assert look(snapshot, _request(text)).found != []


def test_tokens_are_no_leak(snapshot: Path) -> None:
    """Nor are amounts, days and ids."""
    text = "payment row T1 of 50,000.00 USD to [VENDOR_1], by [PERSON_2], on 2025-03-04, into [ACCOUNT_3]"
    assert look(snapshot, _request(text)).found == []
