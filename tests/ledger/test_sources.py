"""A sources file that says something wrong is refused with the file, the line, the key and the remedy."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tools.core.errors import SourcesError
from tools.ledger import sources

GOOD = """\
entity: {name: Test Ltd, currency: EUR, materiality: 5000.10}
sources:
  card:
    kind: card
    path: card.csv
    columns: {txn_id: id, posted_on: date, amount: amount, account: acct}
    where: {type: [yes, 0012], state: open}
  bank:
    kind: bank
    path: bank.csv
    columns: {posted_on: date, debit: out, credit: in}
pairs:
  - {name: card_to_bank, left: card, right: bank, mode: statement}
"""


def load(folder: Path, text: str) -> sources.Sources:
    """Write the text and load it."""
    path = folder / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return sources.load(path)


def test_a_good_file_loads_with_its_defaults(tmp_path: Path) -> None:
    """Money is exact, values stay the texts that they are, the sign of a pair follows from the kinds."""
    declaration = load(tmp_path, GOOD)
    assert declaration.entity.materiality == Decimal("5000.10")
    assert declaration.sources["card"].where == {"type": ["yes", "0012"], "state": ["open"]}
    assert declaration.sources["bank"].required_columns == ("posted_on", "amount_minor")
    assert declaration.sign(declaration.pairs[0]) == "opposite"
    assert (declaration.pairs[0].window_days, declaration.pairs[0].tolerance) == (3, 0.05)
    assert declaration.base == tmp_path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: card", "kind: cart", "sources.yaml:4: sources.card.kind: Input should be 'card', 'bank'"),
        ("path: card.csv", "pth: card.csv", "sources.card.pth: there is no such key. Did you mean 'path'?"),
        ("amount: amount", "amont: amount", "sources.card.columns.amont: a source of kind card has no such"),
        ("amount: amount, ", "", "sources.card.columns: maps no amount. Say which column of card.csv it is."),
        ("posted_on: date, debit: out", "debit: out", "sources.bank.columns: maps no posted_on."),
        ("left: card", "left: crd", "pairs.0.left: 'crd' is no source of transactions. Did you mean 'card'?"),
        ("mode: statement", "mode: monthly", "pairs.0.mode: Input should be 'one_to_one', 'statement'"),
        ("  bank:", "  card:", "sources.yaml:8: 'card' stands here and on line 3."),
        (
            "currency: EUR",
            "currency: Euro",
            "entity.currency: is no currency; write the three capital letters",
        ),
        ("currency: EUR", "timezone: Mars", "entity.timezone: is no time zone; write one such as Europe"),
        ("    kind: card", "    kind: [card", "sources.yaml:5:9: not YAML: a bracket is not closed"),
        (
            "mode: statement",
            "right_where: {kategory: [x]}",
            "there is no such canonical column. Did you mean",
        ),
        ("    where:", "    required: [vendor_name]\n    where:", "'vendor_name' is required but no column"),
    ],
)
def test_each_error_names_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    """File, line and key, and what was probably meant."""
    with pytest.raises(SourcesError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert message in str(caught.value)
    assert str(tmp_path / "sources.yaml") in str(caught.value)


@pytest.mark.parametrize("text", ["", "just words", "- a list"])
def test_a_file_without_keys_is_refused(tmp_path: Path, text: str) -> None:
    """Whoever has no sources file is told how to get one."""
    with pytest.raises(SourcesError, match=r"holds no keys\. 'tieout init FOLDER' proposes"):
        load(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The error is one of ours."""
    with pytest.raises(SourcesError, match=r"none\.yaml: cannot be read: No such file or directory"):
        sources.load(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("YYYY-MM-DD", "write %Y-%m-%d"),
        ("dd.MM.yyyy", r"write %d\.%m\.%Y"),
        ("DD-MMM-YY", "write %d-%b-%y"),
        ("iso", "write %Y-%m-%d"),
        ("%d/%m", "write %Y-%m-%d"),
        ("%Q", "%Q is no directive"),
    ],
)
def test_a_date_format_that_reads_no_date_is_refused(tmp_path: Path, form: str, message: str) -> None:
    """Else every row would be rejected; the message says what strptime calls it."""
    text = (
        "entity: {name: X}\n"
        "sources: {bank: {kind: bank, path: b.csv, columns: {posted_on: d, amount: a}, "
        f"date_format: '{form}'}}}}\n"
    )
    with pytest.raises(SourcesError, match=message):
        load(tmp_path, text)


@pytest.mark.parametrize(
    "form", ["%d.%m.%y", "%a, %B %d, %Y", "%Y%m%d", "%d %b %Y %H:%M:%S.%f%z", "excel", "Excel", "%b %Y"]
)
def test_a_date_format_that_reads_dates_is_taken(tmp_path: Path, form: str) -> None:
    """Whatever strptime knows, and a spreadsheet's serial days in any case; of periods, months."""
    text = (
        "entity: {name: X}\n"
        "sources: {bank: {kind: bank, path: b.csv, columns: {posted_on: d, amount: a}, "
        f"date_format: '{form}'}}}}\n"
    )
    assert load(tmp_path, text).sources["bank"].date_format == ("excel" if form == "Excel" else form)
