"""`tieout verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.columns import PROBLEMS
from desk.cli.exit_codes import ExitCode
from desk.cli.options import AsCsv, AsJson
from desk.cli.rows import Form, form_of, write


def verify(
    run: Annotated[str | None, typer.Argument(help="One run alone; every run when left out.")] = None,
    *,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Verify the trail and what runs wrote: find what was changed, left out, added or replaced.

    Ends with exit code 1 when anything is found.

    For example:

        tieout verify

        tieout verify last --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.screen import err
    from desk.cli.startup import begin
    from tools.runs.run_files import verify_files
    from tools.store import open_store, runs, trail

    settings = begin()
    store = open_store(settings.database_url)
    name = runs.find_any(store, run).run_id if run and run != trail.DESK else run
    found = trail.verify(store, name)
    rows = [{"run_id": one.run_id, "seq": one.seq, "what": one.what} for one in found]
    rows += [
        {"run_id": run_id, "seq": 0, "what": what}
        for run_id, what in verify_files(store, settings, None if name == trail.DESK else name)
    ]
    if rows or form is not Form.TABLE:
        write(PROBLEMS, rows, form, limit=0)
    if rows:
        raise typer.Exit(ExitCode.FAILED)
    err().print(
        f"The trail of {name or 'every run'} is whole: nothing was changed.", style="good", soft_wrap=True
    )
