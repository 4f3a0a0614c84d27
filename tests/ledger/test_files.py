"""A missing file or column is one clear error; a file that is away for now is worth another try."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.ledger.conftest import SETTINGS, Reader, write_sources
from tools.core.errors import SourcesError, UnreachableError
from tools.ledger import Window, read
from tools.ledger import sources as declared
from tools.ledger.totals import recheck

CARD = {"kind": "card", "path": "card*.csv", "columns": {"posted_on": "date", "amount": "amount"}}
ROWS = "date,amount\n2025-01-01,1.00\n"


def test_a_missing_file_names_what_is_there(tmp_path: Path, books: Reader) -> None:
    """The closest file name is offered."""
    (tmp_path / "cart.csv").write_text(ROWS)
    with pytest.raises(SourcesError) as caught:
        books({"card": CARD})
    assert str(caught.value).startswith(f"sources.card.path: no file matches 'card*.csv' in {tmp_path}.")
    assert "Did you mean 'cart.csv'?" in str(caught.value)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("date,amont", "column 'amount' is not in card.csv. Did you mean 'amont'? There are: date, amont."),
        ("date,Amount", "column 'amount' is not in card.csv. Did you mean 'Amount'?"),
        ("date,amount,AMOUNT", "column 'amount' stands twice in card.csv. Did you mean 'amount (1)'?"),
    ],
)
def test_a_missing_column_names_what_is_there(
    tmp_path: Path, books: Reader, header: str, message: str
) -> None:
    """File, column, key and the columns that the file has instead."""
    (tmp_path / "card.csv").write_text(f"{header}\n2025-01-01,1.00,2\n")
    with pytest.raises(SourcesError) as caught:
        books({"card": CARD})
    assert str(caught.value).startswith("sources.card.columns.amount: ")
    assert message in str(caught.value)


def test_one_of_repeated_columns_can_be_named(tmp_path: Path, books: Reader) -> None:
    """Columns of one name are told apart by a number."""
    (tmp_path / "card.csv").write_text("date,amount,amount\n2025-01-01,1.00,2.00\n")
    columns = {"posted_on": "date", "amount": "amount (2)"}
    with books({"card": {**CARD, "columns": columns}}) as snapshot:
        assert snapshot.rows("SELECT amount_minor FROM txn") == [{"amount_minor": 200}]


@pytest.mark.parametrize("text", ["", "\n\n", "date,amount\n"])
def test_a_file_without_rows_is_a_file_of_no_rows(tmp_path: Path, books: Reader, text: str) -> None:
    """Empty and header-only files are read, count nothing, and stand in the control totals."""
    (tmp_path / "card.csv").write_text(text)
    with books({"card": CARD}) as snapshot:
        assert (snapshot.count("txn"), snapshot.count("rejected")) == (0, 0)
        assert snapshot.rows("SELECT file, rows FROM control_total") == [{"file": "card.csv", "rows": 0}]


def test_files_of_one_source_may_order_their_columns_as_they_like(tmp_path: Path, books: Reader) -> None:
    """Columns go by name in each file."""
    (tmp_path / "card_1.csv").write_text(ROWS)
    (tmp_path / "card_2.csv").write_text("amount;more;date\n2.00;x;2025-01-02\n")
    with books({"card": CARD}) as snapshot:
        assert snapshot.rows("SELECT sum(amount_minor)::BIGINT AS total, count(*) AS n FROM txn") == [
            {"total": 300, "n": 2}
        ]


def test_a_broken_parquet_file_is_refused(tmp_path: Path, books: Reader) -> None:
    """It is not the reader's fault, and no row was read."""
    (tmp_path / "card.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(SourcesError, match="is no Parquet file"):
        books({"card": {**CARD, "path": "card.parquet"}})


def test_a_file_that_fails_in_reading_is_tried_again(tmp_path: Path, books: Reader) -> None:
    """An error of the medium (here a file that every read fails on) is one that may pass."""
    (tmp_path / "card.csv").symlink_to("/proc/self/mem")
    with pytest.raises(UnreachableError, match="Input/output error"):
        books({"card": CARD})


def test_nothing_is_left_behind_by_a_failed_reading(tmp_path: Path, books: Reader) -> None:
    """The scratch folder goes, whatever happens."""
    (tmp_path / "card.csv").write_text("x\n1\n")
    with pytest.raises(SourcesError):
        books({"card": CARD})
    assert [p.name for p in (tmp_path / "run").iterdir()] == ["snapshot"]


def test_recheck_says_what_changed_since(tmp_path: Path, books: Reader) -> None:
    """Files that changed, went or came after the reading are named."""
    for number in (1, 2):
        (tmp_path / f"card_{number}.csv").write_text(ROWS)
    with books({"card": CARD}) as snapshot:
        folder = snapshot.folder
    sources = declared.load(tmp_path / "sources.yaml")
    assert recheck(sources, folder) == []
    (tmp_path / "card_1.csv").write_text(ROWS + ROWS)
    (tmp_path / "card_2.csv").rename(tmp_path / "card_3.csv")
    assert recheck(sources, folder) == [
        "card: card_1.csv has changed since it was read.",
        "card: card_2.csv is gone since it was read.",
        "card: card_3.csv has come since the sources were read.",
    ]


def test_the_snapshot_s_digest_is_of_its_rows(tmp_path: Path) -> None:
    """Read twice, the tables have the same digests; with another amount, txn has another one."""
    digests = []
    for amount in ("1", "1", "3"):
        (tmp_path / "card.csv").write_text(f"date,amount\n2025-01-01,{amount}\n2025-01-02,2\n")
        sources = declared.load(write_sources(tmp_path, {"card": CARD}))
        manifest = read(sources, Window({}, date(2030, 1, 1)), SETTINGS, tmp_path / "snapshot")
        digests.append(manifest.tables["txn"].sha256)
    assert digests[0] == digests[1]
    assert digests[1] != digests[2]
