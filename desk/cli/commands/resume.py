"""`tieout resume`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.options import AsJson, TokenFile


def resume(
    run: Annotated[str, typer.Argument(metavar="[RUN]", help="The run, or the start of its name.")] = "",
    *,
    due: Annotated[
        bool, typer.Option("--due", help="Every paused run whose next try is due: for a scheduler.")
    ] = False,
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that was killed or paused. No finished check runs again.

    One that waits for a person stays so, and says what it asks.

    For example:

        tieout resume 20251231-3fa9c1

        tieout resume --due
    """
    from functools import partial

    from desk.cli.exit_codes import ExitCode
    from desk.cli.screen import err
    from desk.cli.startup import begin, token_of
    from desk.overdue import settle_overdue
    from tools.core.errors import RunError, UsageError
    from tools.store import open_store, runs

    settings = begin()
    token = token_of(settings, token_file)
    store = open_store(settings.database_url)
    if bool(run) == due:
        raise UsageError("name a run, or give --due.", remedy="'tieout runs' lists them.")
    settle_overdue(store)
    due_runs = runs.due_again(store) if due else [runs.find_any(store, run)]
    if not due_runs:
        err().print("No paused run is due.", style="quiet")

    from desk.cli.running import carry_out
    from graph.runtime import session

    worst = ExitCode.DONE
    for due_run in due_runs:
        if due_run.status in ("closed", "abandoned"):
            raise RunError(f"run {due_run.run_id} is {due_run.status}; there is nothing to go on with.")
        code = carry_out(
            settings,
            due_run.thread_id,
            partial(session.resume, due_run.thread_id, token=token),
            as_json=as_json,
        )
        worst = code if worst is ExitCode.DONE or code is ExitCode.FAILED else worst
    raise typer.Exit(worst)
