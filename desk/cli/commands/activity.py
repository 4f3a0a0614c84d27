"""`tieout activity`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.columns import ACTIVITY
from desk.cli.options import AsCsv, AsJson
from desk.cli.rows import form_of, write


def activity(
    *,
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="How many, the newest first.")] = 10,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show what happened last to claims: found, approved, written, answered, paid.

    For example:

        tieout activity -n 10

        tieout activity -n 100 --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from tools.recovery import pipeline
    from tools.store import open_store

    write(ACTIVITY, pipeline.activity(open_store(begin().database_url), count), form, count)
