"""`tieout verify`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.columns import PROBLEMS
from desk.cli.exit_codes import ExitCode
from desk.cli.options import AsCsv, AsJson
from desk.cli.rows import Form, form_of, write


def verify(
    run: Annotated[str | None, typer.Argument(help="One run alone; the whole desk when left out.")] = None,
    *,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Verify the desk: find any row, entry or file that was changed, removed or added past it.

    Holds every table against what the trail recorded of its rows, the trail against its chain and
    signature, all of it against the anchor outside the store, and files of runs against their digests.
    Ends with exit code 1 when anything is found.

    For example:

        tieout verify

        tieout verify last --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.screen import err
    from desk.cli.startup import begin
    from tools.core.errors import TieoutError
    from tools.runs.run_files import verify_files
    from tools.store import open_store, runs, trail

    settings = begin()
    store = open_store(settings.database_url)
    desks = (trail.DESK, trail.SEALS)
    name = runs.find_any(store, run).run_id if run and run not in desks else run
    rows = [
        {"run_id": problem.run_id, "seq": problem.seq, "what": problem.what}
        for problem in trail.verify(store, name)
    ]
    try:
        files = verify_files(store, settings, None if name in desks else name)
    except TieoutError as error:
        if not rows:
            raise
        files = [(name or trail.DESK, f"files were not compared: {error}")]
    rows += [{"run_id": run_id, "seq": 0, "what": what} for run_id, what in files]
    if rows or form is not Form.TABLE:
        write(PROBLEMS, rows, form, limit=0)
    for note in trail.notes(store):
        err().print(note, soft_wrap=True)
    if rows:
        raise typer.Exit(ExitCode.FAILED)
    whole = f"The trail and the rows of {name} are" if name else "The trail, all tables and runs' files are"
    err().print(f"{whole} whole: nothing was changed past the desk.", style="good", soft_wrap=True)
