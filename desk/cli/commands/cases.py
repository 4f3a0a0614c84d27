"""`tieout cases`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from desk.cli.columns import CASES
from desk.cli.options import AsCsv, AsJson, Limit
from desk.cli.rows import form_of, write


def cases(
    run: Annotated[
        str | None,
        typer.Argument(help="Of this run ('last': the newest); of every run when left out."),
    ] = None,
    *,
    show: Annotated[
        Literal["decide", "review", "all"],
        typer.Option(help="Those to decide, those decided that nobody has reviewed, or all."),
    ] = "all",
    severity: Annotated[
        Literal["CRITICAL", "WARNING", "INFO"] | None,
        typer.Option(case_sensitive=False, help="Whose gravest flag is this grave."),
    ] = None,
    status: Annotated[
        Literal["proposed", "noted", "approved", "rejected", "skipped", "withdrawn"] | None,
        typer.Option(help="With flags in this state."),
    ] = None,
    review: Annotated[
        Literal["confirmed", "false_positive", "needs_information"] | None,
        typer.Option(help="With flags reviewed so."),
    ] = None,
    vendor: Annotated[str, typer.Option(help="Whose vendor contains this.")] = "",
    test: Annotated[str, typer.Option(help="Led by this test.", metavar="TEST")] = "",
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List the cases, the greatest exposure first.

    For example:

        tieout cases --show decide

        tieout cases last --severity CRITICAL --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from desk.views.listings import case_rows
    from tools.store import open_store
    from tools.store.queue_filters import QueueFilters
    from tools.store.runs import find

    store = open_store(begin().database_url)
    filters = QueueFilters(
        show=show,
        severity=severity or "",
        status=status or "",
        review=review or "",
        vendor=vendor,
        test=test,
        run_id=find(store, run).run_id if run else "",
    )
    write(CASES, case_rows(store, filters), form, limit)
