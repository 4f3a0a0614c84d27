"""The sample is what its generator makes, and its honest parts tie."""

from __future__ import annotations

import csv
import itertools
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from samples import generate, papers
from samples.expected import FOUND, TEMPTS
from tools.checks.catalogue import NAMES
from tools.ledger import sources
from tools.rules.test_header import CheckName, load

SAMPLES = Path(generate.__file__).parent


def read(name: str) -> list[dict[str, str]]:
    """Read one of the sample's files."""
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_committed_files_are_current(tmp_path: Path) -> None:
    """Writing the sample anew gives the committed files, byte for byte."""
    generate.write(tmp_path)
    generated = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_bytes() for path in SAMPLES.glob("*.csv")}
    assert generated == committed, "run 'python -m samples'"


def test_the_papers_are_current() -> None:
    """The mailbox, the rota, the PDF and the order, too."""
    committed = {path.name: path.read_bytes() for path in (SAMPLES / "papers").iterdir()}
    assert papers.make(generate.year()[0]) == committed, "run 'python -m samples'"


def test_the_sample_is_small() -> None:
    """A clone stays quick: the data files are under two megabytes together."""
    assert sum(path.stat().st_size for path in SAMPLES.glob("*.csv")) < 2_000_000


@pytest.mark.parametrize("name", ["bank_operating.csv", "bank_savings.csv"])
def test_the_bank_balance_rolls(name: str) -> None:
    """Each bank line's balance is the one before plus its amount, but where an error is planted."""
    lines = read(name)
    planted = {row["txn_id"] for row in read("labels.csv") if row["kind"] == "balance_does_not_roll"}
    broken = {
        after["line_id"]
        for before, after in itertools.pairwise(lines)
        if Decimal(before["balance"]) + Decimal(after["amount"]) != Decimal(after["balance"])
    }
    assert broken <= planted


def test_the_card_payment_is_the_sum_of_the_month() -> None:
    """Every month's card payment equals its charges, but in the months where an error is planted."""
    charged: dict[str, Decimal] = defaultdict(Decimal)
    for half in ("card_2025_h1.csv", "card_2025_h2.csv"):
        for row in read(half):
            if row["amount"].replace(".", "").lstrip("-").isdigit():
                charged[row["charged_on"][:7]] += Decimal(row["amount"])
    untied = {
        row["value_date"][:7]
        for row in read("bank_operating.csv")
        if row["type"] == "Card payment" and charged[row["value_date"][:7]] != -Decimal(row["amount"])
    }
    planted = {row["note"][:7] for row in read("labels.csv") if row["kind"] == "statement_does_not_tie"}
    assert untied == planted


# Of banks' own formats; of what nobody declared; of bills that say their tax.
OF_OTHER_FILES = {"statement_out_of_balance", "unread_file", "wrong_tax"}


def test_labels_cover_every_test() -> None:
    """Each test of the books that is on by default has something in the sample to find or to leave alone."""
    tests = {name for check, names in NAMES.items() for name in names if _is_on(check, name)}
    labelled = {row["test"] for row in read("labels.csv")}
    test_names = {name for names in NAMES.values() for name in names}
    assert (set(), set()) == (tests - labelled - OF_OTHER_FILES, labelled - test_names)


def test_every_kind_is_planted() -> None:
    """No kind of error or look-alike is declared and then forgotten."""
    kinds = {(row["expect"] == "quiet", row["kind"]) for row in read("labels.csv")}
    assert kinds == {(False, kind) for kind in FOUND} | {(True, kind) for kind in TEMPTS}


def test_labels_name_rows_that_exist() -> None:
    """Each label's file has that id on that line; a label without a file names a source."""
    lines = {path.name: read(path.name) for path in SAMPLES.glob("*.csv")}
    declared = sources.load(SAMPLES / "sources.yaml").sources
    labels = read("labels.csv")
    of_rows, of_sources = (
        [row for row in labels if bool(row["file"]) is has_file] for has_file in (True, False)
    )
    for row in of_rows:
        assert row["txn_id"] == next(iter(lines[row["file"]][int(row["line"]) - 2].values()))
    assert {row["txn_id"] for row in of_sources} <= set(declared)
    assert of_rows
    assert of_sources


def test_journals_balance_but_where_planted() -> None:
    """Debit equals credit in every journal, but in those labelled otherwise."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in read("ledger.csv"):
        sums[row["journal_id"]] += Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0)
    postings = {row["posting_id"]: row["journal_id"] for row in read("ledger.csv")}
    planted = {postings[row["txn_id"]] for row in read("labels.csv") if row["kind"] == "journal_unbalanced"}
    assert planted == {journal for journal, balance in sums.items() if balance}


def test_every_payment_is_settled_by_its_remittance() -> None:
    """Where remittance lines are given, they sum to their payment."""
    paid = {row["payment_id"]: Decimal(row["amount"]) for row in read("payments.csv")}
    applied: dict[str, Decimal] = defaultdict(Decimal)
    for row in read("remittance.csv"):
        applied[row["payment_id"]] += Decimal(row["amount"])
    assert {payment: paid[payment] for payment in applied if payment in paid} == {
        payment: amount for payment, amount in applied.items() if payment in paid
    }


def test_declared_totals_are_those_of_the_files() -> None:
    """The bank's control totals hold; the receipts' register counts one more, as planted."""
    declared = sources.load(SAMPLES / "sources.yaml").sources
    bank, receipts = declared["bank"].totals, declared["receipts"].totals
    lines = read("bank_operating.csv")
    assert bank is not None
    assert receipts is not None
    assert (bank.rows, bank.sum, receipts.rows) == (
        len(lines),
        sum(Decimal(row["amount"]) for row in lines),
        len(read("receipts.csv")) + 1,
    ), "write the files' totals into samples/sources.yaml"


def test_the_bank_never_overdraws() -> None:
    """An honest company's account stays above zero."""
    assert min(Decimal(row["balance"]) for row in read("bank_operating.csv")) > 0


def _is_on(check: CheckName, name: str) -> bool:
    return load(check, name).params.get("enabled", True) is not False
