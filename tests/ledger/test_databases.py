"""Tables of databases are books like files: the same rows, of one moment, never a secret in what is said."""

from __future__ import annotations

import csv
import sqlite3
import threading
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pytest
from deltalake import write_deltalake

from tests.ledger.conftest import SETTINGS, Reader, write_sources
from tests.mariadb import Mariadb
from tests.postgres import Cluster
from tools.books.engine import Books
from tools.core.bounded_paths import Folders
from tools.core.errors import SourcesError, UnreachableError, UsageError
from tools.ledger import Window, check_files, read
from tools.ledger import sources as declared
from tools.ledger.warehouse.proposal import of_database

COLUMNS = {"txn_id": "id", "posted_on": "paid_on", "amount": "amount", "vendor_name": "vendor"}
ROWS = [
    (1, "2025-03-01", "12.30", "Acme, Inc."),
    (2, "2025-03-02", "-0.05", "Müller"),
    (3, "2025-07-31", "1234567.00", None),
    (4, None, "7.10", "o'Brien"),
]
DECLARED = "CREATE TABLE payments (id INTEGER, paid_on DATE, amount NUMERIC(12, 2), vendor VARCHAR(40))"
CONTENT = """
    SELECT split_part(row_key, ':', 2) AS key, txn_id, posted_on, amount_minor, vendor_key
    FROM txn ORDER BY ALL
"""


def source(url: str, **more: str | None) -> dict[str, Any]:
    """Declare payments of a database."""
    return {"kind": "payment", "url": url, "columns": COLUMNS, **({"table": "payments"} | more)}


def of_csv(folder: Path, books: Reader) -> list[dict[str, Any]]:
    """Read the same rows from a CSV file."""
    with (folder / "payments.csv").open("w", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([("id", "paid_on", "amount", "vendor"), *ROWS])
    with books({"payment": {"kind": "payment", "path": "payments.csv", "columns": COLUMNS}}) as opened:
        return opened.rows(CONTENT)


def sqlite_file(path: Path) -> None:
    """Write the rows to an SQLite file, amounts as the floats that programs put there."""
    with sqlite3.connect(path) as connection:
        connection.execute(DECLARED)
        values = [(i, day, float(amount), vendor) for i, day, amount, vendor in ROWS]
        connection.executemany("INSERT INTO payments VALUES (?, ?, ?, ?)", values)
    connection.close()


def test_a_table_of_sqlite_and_of_duckdb_gives_the_rows_of_its_csv(tmp_path: Path, books: Reader) -> None:
    """Row keys, days, cents and names are those of a CSV file, whatever type the database has for them."""
    expected = of_csv(tmp_path, books)
    sqlite_file(tmp_path / "books.db")
    with duckdb.connect(str(tmp_path / "books.duckdb")) as connection:
        connection.execute(DECLARED)
        connection.executemany("INSERT INTO payments VALUES (?, ?, ?, ?)", ROWS)
    for url in ("sqlite:///books.db", f"duckdb:///{tmp_path}/books.duckdb"):
        with books({"payment": source(url)}) as opened:
            assert opened.rows(CONTENT) == expected
            assert list(opened.manifest.notes) == [f"{url}#payments"]
        query = "SELECT * FROM payments WHERE id < 3;"
        with books({"payment": source(url, table=None, query=query)}) as opened:
            assert opened.count("txn") == 2


def test_postgresql_is_read_in_one_snapshot(tmp_path: Path, books: Reader, postgres: Cluster) -> None:
    """The rows are those of a CSV file, numeric and dates too; the manifest names what was pinned."""
    url = postgres.url(postgres.create()).replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE SCHEMA erp; SET search_path TO erp")
        connection.execute(DECLARED.replace("NUMERIC(12, 2)", "NUMERIC"))
        connection.cursor().executemany("INSERT INTO payments VALUES (%s, %s, %s, %s)", ROWS)
    expected = of_csv(tmp_path, books)
    with books({"payment": source(url, table="erp.payments")}) as opened:
        assert opened.rows(CONTENT) == expected
        assert "snapshot" in opened.manifest.notes[f"{url}#erp.payments"][0]
    query = "SELECT * FROM erp.payments WHERE vendor LIKE '%e%'"
    with books({"payment": source(url, table=None, query=query)}) as opened:
        assert opened.count("txn") == 3
    since = Window({"payment": date(2025, 7, 1)}, date(2025, 12, 31), history_days=30)
    with books({"payment": source(url, table="erp.payments")}, since) as opened:
        totals = opened.rows("SELECT rows FROM control_total")
    # Rows before the history never left the server; the one without a day did.
    assert [row["rows"] for row in totals] == [2]
    with pytest.raises(SourcesError, match="no_such"):
        books({"payment": source(url, table="erp.no_such")})
    postgres.drop(url.rpartition("/")[2])
    with pytest.raises(SourcesError, match="does not exist"):
        books({"payment": source(url)})


def test_a_server_that_goes_away_in_mid_read_is_tried_again(books: Reader, postgres: Cluster) -> None:
    """The connection is cut while rows come: worth another try, and the next try reads all of them."""
    name = postgres.create()
    url = postgres.url(name).replace("+psycopg", "")
    slowly = """
        SELECT i AS id, DATE '2025-03-01' AS paid_on, 1.50 AS amount, 'x' || pg_sleep(0.002) AS vendor
        FROM generate_series(1, 1000) i
    """
    cutter = threading.Thread(target=_cut, args=(url,))
    cutter.start()
    with pytest.raises(UnreachableError):
        books({"payment": source(url, table=None, query=slowly)})
    cutter.join()
    with books({"payment": source(url, table=None, query=slowly.replace("0.002", "0"))}) as opened:
        assert opened.count("txn") == 1000


def _cut(url: str) -> None:
    """End the connection that reads, once it does."""
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(500):
            cut = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'tieout' AND state = 'active' AND query LIKE '%generate_series%'"
                " AND query NOT LIKE '%LIMIT 0%' AND now() - query_start > INTERVAL '0.3 s'"
                " AND datname = current_database()"
            ).fetchall()
            if cut:
                return
            time.sleep(0.02)


@pytest.mark.exhaustive
def test_mariadb_is_read_in_one_snapshot(tmp_path: Path, books: Reader, mariadb: Mariadb) -> None:
    """The rows are those of a CSV file; a server that is gone is worth another try."""
    mariadb.run(f"{DECLARED} CHARACTER SET utf8mb4")
    mariadb.insert("INSERT INTO payments VALUES (%s, %s, %s, %s)", ROWS)
    expected = of_csv(tmp_path, books)
    with books({"payment": source(mariadb.url)}) as opened:
        assert opened.rows(CONTENT) == expected
        assert "snapshot of 20" in opened.manifest.notes[f"{mariadb.url}#payments"][0]
    since = Window({"payment": date(2025, 7, 1)}, date(2025, 12, 31), history_days=30)
    with books({"payment": source(mariadb.url)}, since) as opened:
        assert [row["rows"] for row in opened.rows("SELECT rows FROM control_total")] == [2]
    mariadb.process.kill()
    mariadb.process.wait()
    with pytest.raises(UnreachableError):
        books({"payment": source(mariadb.url)})


def _table() -> pa.Table:
    """Give the rows as Arrow, with the types that a lake has for them."""
    number, day, amount, vendor = zip(*ROWS, strict=True)
    return pa.table(
        {
            "id": pa.array(number, pa.int64()),
            "paid_on": pa.array([d and date.fromisoformat(d) for d in day], pa.date32()),
            "amount": pa.array([Decimal(a) for a in amount], pa.decimal128(12, 2)),
            "vendor": pa.array(vendor, pa.string()),
        }
    )


def _lake(folder: Path, books: Reader, url: str, version: str) -> None:
    """Hold a lake's table against the CSV file, and its window against what has to be read."""
    expected = of_csv(folder, books)
    with books({"payment": source(url, table=None)}) as opened:
        assert opened.rows(CONTENT) == expected
        assert version in opened.manifest.notes[url][0]
    since = Window({"payment": date(2025, 7, 1)}, date(2025, 12, 31), history_days=30)
    with books({"payment": source(url, table=None)}, since) as opened:
        assert [row["rows"] for row in opened.rows("SELECT rows FROM control_total")] == [2]


def test_a_delta_table_is_read_at_one_version(tmp_path: Path, books: Reader) -> None:
    """The rows are those of a CSV file, and the version is named; a folder without a table is refused."""
    write_deltalake(str(tmp_path / "payments"), _table().slice(0, 2))
    write_deltalake(str(tmp_path / "payments"), _table().slice(2), mode="append")
    _lake(tmp_path, books, "delta+file:///payments", "version 1")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourcesError, match="no Delta Lake table"):
        books({"payment": source("delta+file:///empty", table=None)})


@pytest.mark.exhaustive
def test_an_iceberg_table_is_read_at_one_snapshot(tmp_path: Path, books: Reader) -> None:
    """The rows are those of a CSV file, and the snapshot is named."""
    sql = pytest.importorskip("pyiceberg.catalog.sql")
    catalogue = sql.SqlCatalog("books", uri=f"sqlite:///{tmp_path}/catalogue.db", warehouse=tmp_path.as_uri())
    catalogue.create_namespace("erp")
    table = catalogue.create_table("erp.payments", _table().schema)
    table.append(_table())
    folder = Path(table.location().removeprefix("file://"))
    _lake(tmp_path, books, f"iceberg+file:///{folder}", str(table.current_snapshot().snapshot_id))


def test_sources_are_proposed_from_a_catalogue(tmp_path: Path) -> None:
    """Each table that looks like books is a source of the database; the proposed file is read as it is."""
    with sqlite3.connect(tmp_path / "books.db") as connection:
        connection.execute(DECLARED)
        connection.execute("CREATE TABLE colours (name TEXT, code TEXT)")
        connection.execute("INSERT INTO colours VALUES ('red', '#f00'), ('blue', '#00f')")
        rows = [
            (i, f"2025-{i % 12 + 1:02}-{i % 27 + 1:02}", i * 1.25, f"Vendor {i % 7}") for i in range(1, 60)
        ]
        connection.executemany("INSERT INTO payments VALUES (?, ?, ?, ?)", rows)
    connection.close()
    proposal = of_database("sqlite:///books.db", SETTINGS, tmp_path)
    path = tmp_path / "sources.yaml"
    path.write_text(proposal.text, encoding="utf-8")
    sources = declared.load(path).sources
    assert [(s.url, s.table, s.kind) for s in sources.values()] == [
        ("sqlite:///books.db", "payments", "payment")
    ]
    assert "colours" in proposal.aside
    check_files(declared.load(path))


def test_a_password_is_the_environments_and_never_said(
    tmp_path: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A written password is refused; one of the environment is used, and no error repeats it."""
    with pytest.raises(SourcesError, match="holds a password"):
        check(tmp_path, "postgresql://ann:hunter2@127.0.0.1/books")
    with pytest.raises(SourcesError, match=r"BOOKS_PASSWORD\} is not set"):
        check(tmp_path, "postgresql://ann:${BOOKS_PASSWORD}@127.0.0.1/books")
    with pytest.raises(SourcesError, match="begin with BOOKS_"):
        check(tmp_path, "postgresql://ann:${TIEOUT_TRAIL_KEY}@127.0.0.1/books")
    monkeypatch.setenv("BOOKS_PASSWORD", "hunter2/@")
    with pytest.raises(SourcesError) as refused:
        check(tmp_path, f"postgresql://nobody:${{BOOKS_PASSWORD}}@127.0.0.1:{postgres.port}/books")
    assert "hunter2" not in str(refused.value)


def check(folder: Path, url: str) -> None:
    """Look at a source of a database as an audit does before it begins."""
    check_files(declared.load(write_sources(folder, {"payment": source(url)})))


def test_a_query_sees_nothing_but_its_database(tmp_path: Path, books: Reader) -> None:
    """A query of a DuckDB file reads no file of the machine, changes nothing, and is one statement."""
    (tmp_path / "secret.csv").write_text("id,paid_on,amount,vendor\n1,2025-01-01,1.00,x\n")
    duckdb.connect(str(tmp_path / "books.duckdb")).close()
    for query in (
        "SELECT * FROM read_csv('secret.csv')".replace("secret", f"{tmp_path}/secret"),
        "SELECT 1) ; CREATE TABLE t (i INTEGER); SELECT * FROM (SELECT 2",
    ):
        with pytest.raises(SourcesError):
            books({"payment": source("duckdb:///books.duckdb", table=None, query=query)})


def test_a_callers_database_file_lies_in_their_folders(tmp_path: Path) -> None:
    """A sources file of the Server names no database outside the folders that callers may name."""
    sqlite_file(tmp_path / "outside.db")
    (tmp_path / "books").mkdir()
    within = Folders((tmp_path / "books",), ())
    path = write_sources(tmp_path / "books", {"payment": source("sqlite:///../outside.db")})
    with pytest.raises(UsageError):
        check_files(declared.load(path, within))


def test_an_open_item_before_the_history_is_read_again(tmp_path: Path, books: Reader) -> None:
    """A row that is carried forward as unmatched stays in scope, however old it is."""
    sqlite_file(tmp_path / "books.db")
    with books({"payment": source("sqlite:///books.db")}) as opened:
        key = opened.rows("SELECT row_key FROM txn WHERE txn_id = '1'")[0]["row_key"]
        first = opened.folder.rename(tmp_path / "first")
    late = date(2025, 3, 2) + timedelta(days=40)
    window = Window({"payment": late}, date(2025, 12, 31), 10, frozenset({key}), audited=(first,))
    sources = declared.load(write_sources(tmp_path, {"payment": source("sqlite:///books.db")}))
    read(sources, window, SETTINGS, tmp_path / "second")
    with Books.open(tmp_path / "second", SETTINGS) as opened:
        rows = opened.rows("SELECT txn_id, scope FROM txn ORDER BY txn_id")
    assert [row for row in rows if row["txn_id"] == "1"] == [{"txn_id": "1", "scope": "open"}]
