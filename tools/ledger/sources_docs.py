"""The page about the sources file, written from its own model: docs/sources.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, get_args

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tools.ledger.declaration import Entity, Pair
from tools.ledger.source import Kind, Source, Totals, columns_of, table_of

_HEAD: Final = """\
# The sources file

Written by `make docs`. It says what the books are and where they lie, and which of them have to agree.
`tieout init FOLDER` proposes one, with the reason for each guess; `samples/sources.yaml` is one that runs.
Unknown keys are refused with the line, the key and what was probably meant.

```yaml
entity: {name: Harbour & Pine Ltd, currency: USD, country: US}
sources:
  card:
    kind: card
    path: card_*.csv
    columns: {txn_id: id, posted_on: date, amount: amount, vendor_name: merchant, category: category}
  bank:
    kind: bank
    path: bank.csv
    columns: {posted_on: date, amount: amount, description: text, balance: balance}
pairs:
  - {name: card_to_bank, left: card, right: bank, mode: statement, right_where: {description: [CARD PAYMENT]}}
```

`engine: postgresql://user@host/database` or another says where the tests run; docs/engines.md has the forms.
"""
_TAIL: Final = """\
Modes: `one_to_one`, each left row with one right row; `statement`, one right row settles the left rows of a
period; `documents`, each left row of `required_for` needs its right row; `full`, every way in which rows of
two books come together: one to many, many to one, many to many, offsets.

## How files are read

- Amounts of cards, receipts, invoices and payments are positive when they cost the entity; those of banks
  and ledgers are positive when money comes in. `sign: negate`, `negate_where`, or columns `debit` and
  `credit` instead of `amount` bring a file to that.
- Every row becomes a canonical row, a rejected row with its reason, or one that `where` or `where_not`
  leaves out; the control totals of each file count all three. Blank cells, "-", "?", "N/A", "n.a.", "null",
  "none", "nan", "missing" and "not available" are missing values. A date or amount that cannot be read for
  certain rejects its row: "1.020,00"
  with a decimal point, "$1,2", a sign of another currency. Brackets, a trailing minus, CR or DR behind the
  amount, grouped thousands, the currency's own sign or code are read: CR comes in on a bank account, and is
  a credit note elsewhere. Decimals beyond the currency's are rounded half up, and the row says so
  (`rounded`).
- UTF-8, with or without BOM, and UTF-16 with BOM are read; a line that is neither is read as Windows-1252
  and the file is noted in the manifest. `line` is the line of the file on which a row starts; in Parquet, the
  row's number.
- Printed lists whose columns stand by position (under a rule of dashes, or apart by blanks) are tables, too:
  what each page prints anew is left out, and a text that goes on below its posting is brought together.
- A row's key is its source, a hash of its canonical values and a number that tells repeats apart: the same
  over runs, file splits and orders of rows.
- XLSX: one sheet (`sheet`, by default the first), its first filled row behind `skip_lines` the header. Real
  dates are days, numbers exact texts, a formula its last value; a row with an error (#REF!) is rejected.
- Bank statements by their suffix: camt.053 (.xml, .camt, .c53), BAI2 (.bai, .bai2), OFX (.ofx, .qfx). Their
  columns are txn_id, posted_on, value_on, amount (signed), currency, vendor_name, reference, description,
  account, type and status. An entry that says neither credit nor debit is rejected; where a file breaks off,
  the rest is one rejected row; balances that do not follow from the entries are noted in the manifest.
- Payments as a bank is told to make them (pain.001) are of kind `payment`, each on the day on which its batch
  is to be executed; the counts and sums of file and batches are held against them. Direct debits (pain.008)
  are not read.
- A source of kind `table` needs no columns: its cells are kept as they are, for tests of data quality.

## Buckets

`path: s3://finance/bank/2025-*.csv` reads objects of S3 as files (extra `s3`): a glob, an archive, any format
that a file may have; `tieout init s3://finance/bank` proposes them. Credentials and the server come from the
environment as AWS has them (`AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL` ...). Each row names its object, the
run's page and `tieout show` the version or ETag that was read. Tried with moto's server. Google's and Azure's
buckets are not read.

## Databases

A source may be a table or a query of a database instead of a file (extra `databases`):

```yaml
  payment:
    kind: payment
    url: postgresql://${BOOKS_USER}:${BOOKS_PASSWORD}@erp.example/books
    table: finance.payments            # or query: one SELECT in the database's own dialect
    columns: {txn_id: id, posted_on: paid_on, amount: amount, vendor_name: payee}
```

- Read are PostgreSQL (ADBC), MariaDB and MySQL, SQLite and DuckDB files. `sqlite:///books.db` lies beside the
  sources file, `sqlite:////srv/books.db` anywhere. Nothing is ever written there.
- Tables of lakes are named by their URL alone: Delta Lake (`delta+file:///payments`,
  `delta+s3://bucket/payments`; extra `lakes`) and Iceberg (`iceberg+file:///payments`,
  `iceberg+s3://bucket/payments/metadata/3.metadata.json`, `iceberg+catalog://NAME/finance.payments`; extra
  `iceberg`), at the version or snapshot that they have when they are opened. Buckets take their credentials
  as AWS, Google and Azure have them in the environment.
- `tieout init URL` proposes sources from a database's catalogue and the first rows of its tables.
- Tried with real ones: PostgreSQL, MariaDB 10.11, SQLite, DuckDB, Delta Lake and Iceberg in folders, Iceberg
  by an SQL catalogue. Not tried: MySQL, lakes in buckets, foreign tables. Not read yet: Databricks,
  Snowflake, BigQuery, SQL Server; export Parquet from them, or read their tables as Delta or Iceberg.
- A password in the file is refused. `${BOOKS_...}` is a variable of the environment, the whole URL
  (`${BOOKS_URL}`) or a part of it; variables of other names are not read. PostgreSQL's own `PGPASSWORD`,
  `.pgpass` and services work, too. No error repeats what came from the environment.
- All that is read of one database is of one moment: one REPEATABLE READ, READ ONLY transaction for all its
  sources. The snapshot that was read is in the manifest, on the run's page and in `tieout show`.
- Where `posted_on` is a column of days or times, a later audit asks the database only for rows of its window,
  of the history before it, of items that are still open, and without a day. What is entered late and dated
  before that is not seen; `tieout audit --from DAY` reads again.
- A database that is away, or goes away while it is read, pauses the run: `tieout resume` reads it anew.

## Receipts as papers

`tieout init` proposes a folder of PDFs, .eml, text, HTML and images as receipts, and PDFs and mails beside
the tables where at least half of them say a day and a total.

- Day, merchant, total, currency and number are found by rules, in words of many languages
  (`tools/ledger/papers/words.yaml`). `description` says on which line each stands, and whether it is sure or
  only likely; `line` is the total's.
- A paper that names no total or no day is a rejected row with that reason. Images are read by Tesseract where
  it is installed; elsewhere each is named as unread.

## Documents

Sources of kind `email`, `calendar` and `document` are tables with columns like the others, or files that
need none: `path: mail/**/*.eml`.

- `email` reads .eml, .mbox and a mail folder's files without a suffix, one row a mail. Plain text goes before
  HTML, which is read as it is shown; attached text and PDFs are kept beside the body. Mails are a thread when
  one answers the other, or, where that is not said, by subject and people.
- `calendar` reads .ics, one row an entry; what repeats is written out, at most 500 times.
- `document` reads .pdf, .txt, .md and .html, one row a file.
- Times come into the entity's zone. One mail in two boxes is one; two mails under one id are told apart.
- Each document is read in a process of its own with 10 s and 2 GB, at most 25 MB of bytes and a million
  characters of text. One that is broken, encrypted, a scan, nested or packed without end, or not of a format
  that its source reads, is a rejected row with its reason.
- What a document held is kept in the folder `DOCUMENTS_URL` by the digest of its bytes, so that the next run
  parses only what is new. Set it to nothing, and every run reads all of them.
"""


def sources_page() -> str:
    """Write docs/sources.md."""
    parts: dict[str, type[BaseModel]] = {
        "entity": Entity,
        "sources.NAME": Source,
        "sources.NAME.totals": Totals,
        "pairs": Pair,
    }
    lines = [_HEAD]
    for name, model in parts.items():
        lines += [
            f"## {name}",
            "",
            model.__doc__ or "",
            "",
            "| key | default | what it is |",
            "|---|---|---|",
        ]
        lines += [*_rows(model), ""]
    lines += ["## Kinds and their columns", "", "| kind | columns |", "|---|---|", *_kinds(), "", _TAIL]
    return "\n".join(lines)


def _rows(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield f"| {name} | {_default(field)} | {field.description or ''} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value: Any = field.get_default(call_default_factory=True)
    return "" if value is None else str(yaml.safe_dump(value, default_flow_style=True)).split("\n", 1)[0]


def _kinds() -> Iterator[str]:
    by_table: dict[str, list[str]] = {}
    for kind in get_args(Kind):
        by_table.setdefault(table_of(kind), []).append(kind)
    for kinds in by_table.values():
        yield f"| {', '.join(kinds)} | {', '.join(columns_of(kinds[0])) or 'any'} |"
