"""`tieout flags`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from desk.cli.columns import FLAGS
from desk.cli.options import AsCsv, AsJson, Limit
from desk.cli.rows import form_of, write


def flags(
    run: Annotated[
        str | None,
        typer.Argument(help="Raised by this run ('last': the newest); of every run when left out."),
    ] = None,
    *,
    severity: Annotated[
        Literal["CRITICAL", "WARNING", "INFO"] | None,
        typer.Option(case_sensitive=False, help="Of one severity alone."),
    ] = None,
    status: Annotated[
        Literal["proposed", "noted", "approved", "rejected", "skipped", "withdrawn"] | None,
        typer.Option(help="In one state alone; proposed: waiting for approval."),
    ] = None,
    case: Annotated[str | None, typer.Option(help="Of one case alone.", metavar="CASE")] = None,
    vendor: Annotated[str | None, typer.Option(help="Whose vendor contains this.")] = None,
    sort: Annotated[
        Literal["exposure", "severity", "score", "posted_on", "created_at"],
        typer.Option(help="Greatest first."),
    ] = "severity",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List the flags, also those that still wait for approval.

    For example:

        tieout flags --status proposed

        tieout flags last --severity CRITICAL --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from desk.views.listings import flag_rows
    from tools.store import open_store
    from tools.store.runs import find

    store = open_store(begin().database_url)
    chosen: dict[str, Any] = {"severity": severity, "status": status, "case_id": case, "vendor": vendor}
    chosen["run_id"] = find(store, run).run_id if run else None
    write(FLAGS, flag_rows(store, sort=sort, **chosen), form, limit)
