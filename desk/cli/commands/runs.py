"""`tieout runs`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from desk.cli.columns import RUNS
from desk.cli.options import AsCsv, AsJson, Limit
from desk.cli.rows import form_of, write


def runs(
    *,
    status: Annotated[
        Literal["open", "waiting", "paused", "closed", "failed", "abandoned"] | None,
        typer.Option(help="In one state alone."),
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List the runs, the newest first.

    For example:

        tieout runs

        tieout runs --status waiting --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from desk.views.listings import run_rows
    from tools.store import open_store

    write(RUNS, run_rows(open_store(begin().database_url), status=status), form, limit)
