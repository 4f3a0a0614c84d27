"""`tieout sql`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.options import AsCsv, AsJson, Limit, TokenFile
from desk.cli.rows import Listing, form_of, write
from desk.cli.table import TableColumn


def sql(
    statement: Annotated[
        str, typer.Argument(help="One SELECT over the tables of the books.", metavar="SELECT")
    ],
    *,
    token_file: TokenFile = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """Run a SELECT of your own on the newest audited books: for auditors, read only, bounded, on the trail.

    One SELECT with plain functions over the canonical tables (docs/tests-of-the-books.md), flag, break and
    matching; amounts are minor units. At most 5 seconds and 10,000 rows.

    For example:

        tieout sql "SELECT vendor_name, count(*) AS n FROM txn GROUP BY vendor_name ORDER BY n DESC LIMIT 5"
    """
    form = form_of(as_json, as_csv)
    from desk import front_desk
    from desk.cli.screen import err
    from desk.cli.startup import begin, token_of

    settings = begin()
    result = front_desk.run_sql(statement, token=token_of(settings, token_file))
    columns = tuple(TableColumn(name, name, heading=name, flex=1) for name in result.columns)
    write(Listing("sql", columns, "No rows."), result.rows, form, limit)
    err().print(
        f"Run {result.run_id}, snapshot {result.snapshot_sha256[:12]}, {result.seconds:.2f} s"
        f"{', cut after 10,000 rows' if result.cut else ''}.",
        soft_wrap=True,
    )
