"""`tieout stuck`."""

from __future__ import annotations

import typer

from desk.cli.columns import STUCK_CLAIMS
from desk.cli.exit_codes import ExitCode
from desk.cli.options import AsCsv, AsJson
from desk.cli.rows import form_of, write


def stuck(*, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Say which claims and letters do not go on; exit code 1 when any does. 'tieout status' says it of all.

    Claims that are new for over 24 hours, of tier high and undecided for over 48, approved and not written
    about for over 24; approved letters unsent for over 6; a business day on which none went out though some
    were due.

    For example:

        tieout stuck

        tieout stuck --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from tools.recovery import stuck as waiting
    from tools.store import open_store

    conditions = waiting.stuck(open_store(begin().database_url))
    write(STUCK_CLAIMS, [condition._asdict() for condition in conditions], form, None)
    if conditions:
        raise typer.Exit(ExitCode.FAILED)
