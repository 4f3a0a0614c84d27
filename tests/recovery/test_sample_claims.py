"""What the sample's statements, open invoices and utility bills have planted is claimed, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyarrow import parquet

from samples import files, generate, owed, utility
from tools import ledger
from tools.books.engine import Books
from tools.core import settings
from tools.ledger.window import Window
from tools.recovery import books, from_receivables, from_statements, from_utility
from tools.recovery.drafts import OWED
from tools.rules.recovery import RecoveryRules

FOLDER = generate.FOLDER / "recovery"
RULES = RecoveryRules()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """Give the sample's books as recovery reads them, once."""
    folder = tmp_path_factory.mktemp("sample") / "read"
    kinds = ("invoice", "payment", "statement", "receivable", "utility_bill")
    sources = books.read_file(FOLDER / "sources.yaml", kinds)
    ledger.read(sources, Window({}, books.day_of(sources)), settings.load(), folder)
    with Books.open(folder, settings.load()) as opened:
        yield opened


def test_the_committed_files_are_current(tmp_path: Path) -> None:
    """Writing what recovery reads anew gives the committed files, byte for byte."""
    year = generate.year()[0]
    for name, lines in owed.tables(year).items():
        files.write(tmp_path / name, lines)
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), "run 'python -m samples'"


def test_what_is_owed_is_found_in_its_file_by_its_line(sample: Books) -> None:
    """Each line of a claim that is no posting names a line of a file, and the document stands there."""
    claims = [
        *from_utility.claims(sample),
        *from_statements.claims(sample, RULES.cut_off_days),
        *from_receivables.claims(sample, owed.STATED, RULES.grace_days),
    ]
    places = [(item.document, item.file, item.line) for c in claims for item in c.items if item.role == OWED]
    assert len(places) > len(claims)
    for document, file, line in places:
        assert document in (FOLDER / file).read_text(encoding="utf-8").splitlines()[(line or 0) - 1]


def test_bills_charged_too_much_are_claimed(sample: Books) -> None:
    """Each planted error by its own test and to the cent; no look-alike."""
    claims = from_utility.claims(sample)
    assert {c.items[0].document: (c.features["test"], c.amount_minor) for c in claims} == utility.PLANTED


def test_what_vendors_statements_show_is_claimed(sample: Books) -> None:
    """A credit never taken, an invoice paid above its amount, one paid twice by its vendor's account alone.

    A credit of the last days is not, and neither is a payment that waits for its invoice. What our books do
    not have is on hold until a person looks.
    """
    claims = from_statements.claims(sample, RULES.cut_off_days)
    assert {c.items[0].document: (c.kind, c.amount_minor) for c in claims} == owed.STATED_PLANTED
    assert {c.items[0].document: c.hold for c in claims if c.hold} == {
        "ACH-60218": from_statements.UNKNOWN_PAYMENT
    }


def test_open_invoices_past_due_are_claimed(sample: Books) -> None:
    """What is open of a customer's invoices together, a disputed one by itself; no paid or undue one."""
    claims = from_receivables.claims(sample, owed.STATED, RULES.grace_days)
    owing = [
        (sorted(item.document for item in c.items if item.role == OWED), c.amount_minor, c.hold)
        for c in claims
    ]
    assert owing == [(["SI-4290", "SI-4301"], 1_494_250, ""), (["SI-4306"], 284_000, "dispute")]


def test_books_that_an_earlier_version_read_give_the_same_claims(sample: Books, tmp_path: Path) -> None:
    """A run begun before a row's file and line were read goes on: the same claims, which name no line."""
    shutil.copytree(sample.folder, tmp_path / "read")
    for name in ("statement", "receivable", "utility_bill"):
        path = tmp_path / "read" / f"{name}.parquet"
        parquet.write_table(parquet.read_table(path).drop_columns(["file", "line"]), path)
    with Books.open(tmp_path / "read", settings.load()) as earlier:
        for found in (
            from_utility.claims,
            lambda books: from_statements.claims(books, RULES.cut_off_days),
            lambda books: from_receivables.claims(books, owed.STATED, RULES.grace_days),
        ):
            now, then = found(sample), found(earlier)
            assert [(c.claim_id, c.amount_minor) for c in then] == [(c.claim_id, c.amount_minor) for c in now]
            assert {item.line for c in then for item in c.items if item.role == OWED} == {None}
