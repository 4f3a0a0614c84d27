"""`tieout status`."""

from __future__ import annotations

import typer

from desk.cli.columns import STUCK
from desk.cli.exit_codes import ExitCode
from desk.cli.options import AsCsv, AsJson
from desk.cli.rows import form_of, write


def status(*, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """List what waits longer than it should, the longest waiting first; exit code 1 when anything does.

    A run that works for over 30 minutes, an approval open for over 24 hours, a CRITICAL flag unreviewed
    for over 48 hours, a business day without a run; a claim that is new for over 24 hours, one of tier high
    undecided for over 48, an approved letter unsent for over 6, a business day on which none went out; a
    task of the workers that failed for good.

    For example:

        tieout status

        tieout status --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from tools.operations import overdue
    from tools.store import open_store

    waiting = overdue.find(open_store(begin().database_url))
    rows = [{**item._asdict(), "since": item.since.isoformat(timespec="seconds")} for item in waiting]
    write(STUCK, rows, form, None)
    if waiting:
        raise typer.Exit(ExitCode.FAILED)
