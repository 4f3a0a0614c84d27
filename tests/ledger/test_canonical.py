"""Cells become exact canonical values, or their row is rejected; nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.conftest import Reader
from tools.core import money
from tools.core.errors import SourcesError
from tools.ledger import cells

COLUMNS = {"posted_on": "date", "amount": "amount"}


def write(folder: Path, *lines: str, name: str = "x.csv") -> None:
    """Write a CSV."""
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    """Give a connection with the macros."""
    session = duckdb.connect()
    cells.load(session)
    return session


def minors(
    connection: duckdb.DuckDBPyConnection, amounts: Sequence[tuple[str, str, str]]
) -> list[tuple[Any, Any]]:
    """Read (text, currency, decimal mark) as the reader does: minor units; whether digits were dropped."""
    texts, codes, marks = zip(*amounts, strict=True)
    return connection.execute(
        """WITH amount AS (SELECT cell(unnest($texts)) AS x, unnest($codes) AS code, unnest($marks) AS mark),
                plain AS (SELECT *, short(x, mark) AS n FROM amount),
                exact AS (SELECT *, decimal_text(parts(n, tidied(x, 'cr'), mark), code) AS d FROM plain)
           SELECT minor_of(n, d, places(code)), is_rounded_of(n, d, places(code)) FROM exact""",
        {"texts": list(texts), "codes": list(codes), "marks": list(marks)},
    ).fetchall()


def minor(connection: duckdb.DuckDBPyConnection, text: str, code: str, mark: str = ".") -> tuple[Any, Any]:
    """Read one amount as the reader does."""
    return minors(connection, [(text, code, mark)])[0]


AMOUNTS = st.tuples(
    st.decimals(allow_nan=False, allow_infinity=False, places=None, min_value=-(10**14), max_value=10**14),
    st.sampled_from(["USD", "JPY", "KWD", "CLF"]),
    st.sampled_from([".", ","]),
    st.booleans(),
)


@settings(max_examples=12)
@given(amounts=st.lists(AMOUNTS, min_size=10, max_size=40))
def test_amounts_are_exact(
    connection: duckdb.DuckDBPyConnection, amounts: list[tuple[Decimal, str, str, bool]]
) -> None:
    """Any decimal text gives the minor units that decimal arithmetic gives, rounded half up."""
    inputs, expected = [], []
    for value, code, mark, grouped in amounts:
        text = f"{value:,f}" if grouped else f"{value:f}"
        inputs.append((text.translate(str.maketrans(".,", ",.")) if mark == "," else text, code, mark))
        units = money.to_minor(Decimal(f"{value:f}"), code)
        expected.append((units, money.to_decimal(units, code) != value))
    assert minors(connection, inputs) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(12.30)", -1230), ("12.30-", -1230), ("-$5", -500), ("$-5", -500), ("$1,234.50", 123450),
        ("1'234.50", 123450), ("1 234.50", 123450), ("1\u00a0234.50", 123450), ("USD 5", 500), ("5 USD", 500),
        ("\u22125.00", -500), (".5", 50), ("5.", 500), ("+5", 500), ("-0.00", 0), ("2.675", 268),
        ("-2.675", -268),
        ("1,020", 102000), ("$(1,234.50)", -123450), ("USD (5)", -500), ("12.30 CR", -1230),
        ("12.30Cr", -1230), ("1,020 DR", 102000), ("$5 CR", -500), ("5 INR", None),
        ("-5 CR", None), ("(5) CR", None),
        # missing
        ("", None), ("-", None), ("N/A", None), ("null", None), ("NaN", None),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(
    connection: duckdb.DuckDBPyConnection, text: str, expected: int | None
) -> None:
    """Brackets, trailing minus, thousands and currency signs are read."""
    assert minor(connection, text, "USD")[0] == expected


@pytest.mark.parametrize(
    "text",
    ["$1,2", "1.020,00", "1,02", "1,234,56", "€5", "5 EUR", "(5)-", "(5", "--5", "1e5", "abc", ".", "12,5O",
     "5 5", "1 2.5"],
)  # fmt: skip
def test_what_is_no_amount_is_rejected(tmp_path: Path, books: Reader, text: str) -> None:
    """An ambiguous amount is a rejected row that says so."""
    write(tmp_path, "date;amount", f"2025-01-01;{text}")
    with books({"card": {"kind": "card", "path": "x.csv", "columns": COLUMNS}}) as snapshot:
        rejected = snapshot.rows("SELECT reason FROM rejected")
    assert rejected == [{"reason": f"amount: '{text}' is no amount with the decimal mark ."}]


@pytest.mark.parametrize(("kind", "expected"), [("bank", [100, -200]), ("payment", [-100, 200])])
def test_the_side_behind_an_amount(tmp_path: Path, books: Reader, kind: str, expected: list[int]) -> None:
    """A credit adds to a bank account, and takes away from what was paid to a vendor."""
    write(tmp_path, "date,amount", "2025-01-01,1.00 CR", "2025-01-02,2.00 DR")
    with books({kind: {"kind": kind, "path": "x.csv", "columns": COLUMNS}}) as snapshot:
        postings = snapshot.rows("SELECT amount_minor FROM txn ORDER BY posted_on")
    assert [row["amount_minor"] for row in postings] == expected


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("2025-01-31", None, date(2025, 1, 31)), ("2025-1-5", None, date(2025, 1, 5)),
        ("2025-01-31T10:00:00", None, date(2025, 1, 31)), ("31.01.2025", "%d.%m.%Y", date(2025, 1, 31)),
        ("1/31/2025", "%m/%d/%Y", date(2025, 1, 31)), ("31-Jan-25", "%d-%b-%y", date(2025, 1, 31)),
        ("2025-01-31", "%m/%d/%Y", date(2025, 1, 31)),
        ("1/31/2025 5:00 PM", "%m/%d/%Y %I:%M %p", date(2025, 1, 31)),
        ("2025-02-30", None, None), ("31.01.2025", None, None), ("31/01/2025", "%m/%d/%Y", None),
        ("0025-01-31", None, None), ("infinity", None, None), ("2025-01-31x", None, None),
        ("2025-13-01", "%Y-%d-%m", date(2025, 1, 13)), ("2025-01-13", "%Y-%d-%m", None),
    ],
)  # fmt: skip
def test_dates(tmp_path: Path, books: Reader, text: str, form: str | None, expected: date | None) -> None:
    """A date is read in its format or as ISO 8601; every other text rejects the row."""
    write(tmp_path, "date;amount", f"{text};1")
    source = {"kind": "card", "path": "x.csv", "columns": COLUMNS, "date_format": form}
    with books({"card": source}) as snapshot:
        days = [row["posted_on"] for row in snapshot.rows("SELECT posted_on FROM txn")]
        rejected = snapshot.count("rejected")
    assert (days, rejected) == (([expected], 0) if expected else ([], 1))


def test_moments_are_told_in_the_entity_s_zone(tmp_path: Path, books: Reader) -> None:
    """A time with an offset and one of the source's zone are the same moment; its hour is the entity's."""
    write(
        tmp_path, "at;amount", "2025-07-01T23:30:00Z;1", "2025-07-02 01:30;2", "2025-07-02T05:00:00+02:00;3"
    )
    source = {
        "kind": "card",
        "path": "x.csv",
        "columns": {"posted_at": "at", "amount": "amount"},
        "timezone": "Europe/Berlin",
    }
    entity = {"name": "x", "timezone": "America/New_York"}
    with books({"card": source}, entity=entity) as snapshot:
        postings = snapshot.rows("SELECT posted_on, posted_at, posted_hour FROM txn ORDER BY amount_minor")
    same = {"posted_on": date(2025, 7, 1), "posted_at": datetime(2025, 7, 1, 19, 30), "posted_hour": 19}  # noqa: DTZ001 - a book's own time has no zone
    assert postings == [
        same,
        same,
        {"posted_on": date(2025, 7, 1), "posted_at": datetime(2025, 7, 1, 23, 0), "posted_hour": 23},  # noqa: DTZ001 - a book's own time has no zone
    ]


def test_dates_written_as_midnights_have_no_hour(tmp_path: Path, books: Reader) -> None:
    """Where every time is midnight, the source knows no times."""
    write(tmp_path, "date,amount", "2025-07-01 00:00:00,1", "2025-07-02 00:00:00,2")
    with books({"card": {"kind": "card", "path": "x.csv", "columns": COLUMNS}}) as snapshot:
        assert snapshot.rows("SELECT DISTINCT posted_hour FROM txn") == [{"posted_hour": None}]
        assert not snapshot.has("posted_at")


@pytest.mark.parametrize(
    ("kind", "source", "expected"),
    [
        ("bank", {"columns": {"posted_on": "date", "debit": "out", "credit": "in"}}, [-500, 700]),
        ("ledger", {"columns": {"posted_on": "date", "debit": "out", "credit": "in"}}, [500, -700]),
        ("bank", {"columns": {"posted_on": "date", "amount": "n"}, "sign": "negate"}, [-100, -200]),
        (
            "bank",
            {"columns": {"posted_on": "date", "amount": "n"}, "negate_where": {"dc": ["D"]}},
            [-100, 200],
        ),
    ],
)
def test_signs(tmp_path: Path, books: Reader, kind: str, source: dict[str, Any], expected: list[int]) -> None:
    """Bank and ledger amounts come out positive when money comes in, however the file says it."""
    write(tmp_path, "date,out,in,n,dc", "2025-01-01,5.00,,1,D", "2025-01-02,,7.00,2,C")
    with books({"x": {"kind": kind, "path": "x.csv", **source}}) as snapshot:
        amounts = [
            row["amount_minor"] for row in snapshot.rows("SELECT amount_minor FROM txn ORDER BY posted_on")
        ]
    assert amounts == expected


def test_columns_are_put_together(tmp_path: Path, books: Reader) -> None:
    """A day in three columns and a text in two are one each; a missing part leaves no blank."""
    write(tmp_path, "y,m,d,a,b,n", "2025,1,5,Card,Oak,1", "2025,2,6,,Elm,2")
    columns = {"posted_on": "day", "amount": "n", "description": "text"}
    joined = {"day": ["y", "m", "d"], "text": ["a", "b"]}
    source = {
        "kind": "bank",
        "path": "x.csv",
        "columns": columns,
        "joined": joined,
        "date_format": "%Y %m %d",
    }
    with books({"x": source}) as snapshot:
        rows = snapshot.rows("SELECT posted_on, description FROM txn ORDER BY posted_on")
    assert [tuple(row.values()) for row in rows] == [
        (date(2025, 1, 5), "Card Oak"),
        (date(2025, 2, 6), "Elm"),
    ]


@pytest.mark.parametrize(
    ("joined", "says"), [({"day": ["y", "z"]}, "'z' is not in"), ({"n": ["y"]}, "already")]
)
def test_columns_that_cannot_be_put_together(
    tmp_path: Path, books: Reader, joined: dict[str, list[str]], says: str
) -> None:
    """A part that is not there, or a name that a column has, is refused by name."""
    write(tmp_path, "y,n", "2025-01-01,1")
    source = {"kind": "bank", "path": "x.csv", "columns": {"posted_on": "y", "amount": "n"}, "joined": joined}
    with pytest.raises(SourcesError, match=says), books({"x": source}):
        pass


def test_who_collects_from_us_is_the_other_party(tmp_path: Path, books: Reader) -> None:
    """Of payee and payer, our own name is none: a direct debit's creditor stands as the payer."""
    write(tmp_path, "day,payer,payee,n", "2025-01-01,Grid,US Ltd,-5", "2025-01-02,us ltd,Oak,-7")
    columns = {"posted_on": "day", "amount": "n", "payer": "payer", "payee": "payee"}
    source = {"kind": "bank", "path": "x.csv", "columns": columns, "ourselves": ["Us Ltd"]}
    with books({"x": source}) as snapshot:
        names = snapshot.rows("SELECT vendor_name FROM txn ORDER BY posted_on")
    assert [row["vendor_name"] for row in names] == ["Grid", "Oak"]


def test_text_that_a_spreadsheet_is_told_of(tmp_path: Path, books: Reader) -> None:
    """An apostrophe or a formula before digits says that they are text; one before a word is its own."""
    write(tmp_path, "id,day,name,n", "'0012,'2025-01-01,'t Hof,1", '="0013",2025-01-02,Oak,2')
    columns = {"txn_id": "id", "posted_on": "day", "vendor_name": "name", "amount": "n"}
    with books({"x": {"kind": "card", "path": "x.csv", "columns": columns}}) as snapshot:
        rows = snapshot.rows("SELECT txn_id, vendor_name FROM txn ORDER BY posted_on")
    assert [tuple(row.values()) for row in rows] == [("0012", "'t Hof"), ("0013", "Oak")]


def test_rows_of_another_kind_are_counted_not_rejected(tmp_path: Path, books: Reader) -> None:
    """`where` leaves rows out before anything in them is judged; the control total says how many."""
    write(tmp_path, "date,amount,type", "2025-01-01,1,Card", "n/a at all,x,Fee", "2025-01-03,3,Card")
    source = {"kind": "card", "path": "x.csv", "columns": COLUMNS, "where": {"type": ["Card"]}}
    with books({"card": source}) as snapshot:
        totals = snapshot.rows("SELECT rows, rejected, filtered, outside, sum_minor FROM control_total")
    assert [tuple(row.values()) for row in totals] == [(3, 0, 1, 0, 400)]


def test_currencies_keep_their_decimals(tmp_path: Path, books: Reader) -> None:
    """Each row's own currency says how many decimals it has; totals are kept apart."""
    write(
        tmp_path,
        "date,amount,cur",
        "2025-01-01,1.5,USD",
        "2025-01-01,15,jpy",
        "2025-01-01,1.5,KWD",
        "2025-01-01,9,",
    )
    source = {"kind": "card", "path": "x.csv", "columns": {**COLUMNS, "currency": "cur"}}
    with books({"card": source}) as snapshot:
        postings = snapshot.rows("SELECT currency, amount_minor, rounded FROM txn ORDER BY amount_minor")
        totals = snapshot.rows("SELECT currency, sum_minor FROM control_total ORDER BY currency NULLS LAST")
    assert [tuple(row.values()) for row in postings] == [
        ("JPY", 15, False),
        ("USD", 150, False),
        (None, 900, False),
        ("KWD", 1500, False),
    ]
    assert [tuple(row.values()) for row in totals] == [("JPY", 15), ("KWD", 1500), ("USD", 150), (None, 900)]


def test_parquet_reads_as_csv_does(tmp_path: Path, books: Reader) -> None:
    """The same rows in Parquet, typed, have the same keys as in CSV, texts; floats give no false digits."""
    write(tmp_path, "id,date,amount,who", "7,2025-01-01,36.08,Ann ", "8,2025-01-02,1020.1,", name="x.csv")
    table = pa.table(
        {
            "id": [7, 8],
            "date": pa.array([date(2025, 1, 1), date(2025, 1, 2)]),
            "amount": pa.array([36.08, 1020.1], pa.float64()),
            "who": ["Ann ", None],
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    columns = {**COLUMNS, "txn_id": "id", "person_name": "who"}
    keys = {}
    for suffix in ("csv", "parquet"):
        source = {"kind": "card", "path": f"x.{suffix}", "columns": columns, "date_format": None}
        with books({"card": source}) as snapshot:
            keys[suffix] = snapshot.rows(
                "SELECT row_key, amount_minor, person_name, rest_hash FROM txn ORDER BY txn_id"
            )
    assert keys["csv"] == keys["parquet"]


def test_supporting_tables(tmp_path: Path, books: Reader) -> None:
    """Masters, rates, limits, advice and balances are read with their own columns."""
    write(tmp_path, "id,name,rec", 'V1,"Acme, Inc.",TRUE', name="v.csv")
    write(tmp_path, "d,c,r", "2025-01-01,EUR,1.083456789", name="r.csv")
    write(tmp_path, "p,a,o,m,cl", "2025-01-31,1000,1.00,(0.25),0.75", name="t.csv")
    write(tmp_path, "Person,Limit", 'P1,"1,000"', name="a.csv")
    sources = {
        "v": {
            "kind": "vendor",
            "path": "v.csv",
            "columns": {"vendor_id": "id", "vendor_name": "name", "recurring": "rec"},
        },
        "r": {"kind": "fx_rate", "path": "r.csv", "columns": {"day": "d", "currency": "c", "rate": "r"}},
        "t": {
            "kind": "trial_balance",
            "path": "t.csv",
            "columns": {"period": "p", "account": "a", "opening": "o", "movement": "m", "closing": "cl"},
        },
        "a": {"kind": "authority", "path": "a.csv", "columns": {"person_id": "Person", "limit": "Limit"}},
        "x": {"kind": "table", "path": "v.csv"},
    }
    with books(sources) as snapshot:
        assert snapshot.rows("SELECT vendor_id, vendor_key, recurring FROM vendor") == [
            {"vendor_id": "V1", "vendor_key": "ACME", "recurring": "yes"}
        ]
        assert snapshot.rows("SELECT day, currency, rate_e9 FROM fx_rate") == [
            {"day": date(2025, 1, 1), "currency": "EUR", "rate_e9": 1083456789}
        ]
        assert snapshot.rows(
            "SELECT period, opening_minor, movement_minor, closing_minor FROM trial_balance"
        ) == [{"period": "2025-01", "opening_minor": 100, "movement_minor": -25, "closing_minor": 75}]
        assert snapshot.rows("SELECT person_id, limit_minor, currency FROM authority") == [
            {"person_id": "P1", "limit_minor": 100000, "currency": "USD"}
        ]
        assert snapshot.rows("SELECT id, name, line FROM table_x") == [
            {"id": "V1", "name": "Acme, Inc.", "line": 2}
        ]
