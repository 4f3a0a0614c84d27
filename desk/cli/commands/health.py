"""`tieout health`."""

from __future__ import annotations

import typer

from desk.cli.columns import HEALTH
from desk.cli.exit_codes import ExitCode
from desk.cli.options import AsCsv, AsJson
from desk.cli.rows import form_of, write


def health(*, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Say whether each part of the desk works: store, checkpoints, sources, model, notices.

    Each is ok, warning or error, with what it says and what to do. Exit code 1 when one is an error.

    For example:

        tieout health

        tieout health --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from tools.operations import health as parts

    checked = parts.check(begin())
    write(HEALTH, [part._asdict() for part in checked], form, None)
    if parts.worst(checked) == "error":
        raise typer.Exit(ExitCode.FAILED)
