"""`tieout show`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.columns import TESTS
from desk.cli.options import AsCsv, AsJson, Limit, ReadRun
from desk.cli.rows import form_of, write


def show(
    run: ReadRun = "last",
    *,
    tests: Annotated[
        bool, typer.Option("--tests", help="What became of every test: not tested is a result.")
    ] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """Show where a run stands: what was read, tested, found and flagged, and what it asks.

    For example:

        tieout show

        tieout show last --tests --csv
    """
    form = form_of(as_json, as_csv)
    from desk.cli.running import print_page
    from desk.cli.startup import begin, results_of
    from tools.core.errors import UsageError
    from tools.store import open_store, runs

    settings = begin()
    if tests:
        from desk.views.run_overview import tests_of

        write(TESTS, tests_of(results_of(settings, run)), form, limit if limit is not None else 0)
        return
    if as_csv:
        raise UsageError("a run's page is no list of rows.", remedy="Give --tests with --csv, or --json.")
    row = runs.find_any(open_store(settings.database_url), run)
    print_page(settings, row.run_id, as_json=as_json)
