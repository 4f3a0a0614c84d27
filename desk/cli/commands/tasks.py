"""`tieout tasks`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from desk.cli.columns import TASKS
from desk.cli.options import AsCsv, AsJson, Limit, TokenFile
from desk.cli.rows import form_of, write


def tasks(
    *,
    status: Annotated[
        Literal["ready", "running", "succeeded", "failed", "cancelled"] | None,
        typer.Option(help="In one state alone."),
    ] = None,
    cancel: Annotated[
        str | None,
        typer.Option(help="Cancel one that has not ended, as who may decide.", metavar="TASK"),
    ] = None,
    retry: Annotated[
        str | None,
        typer.Option(help="Try a failed one again, up to 3 times in all.", metavar="TASK"),
    ] = None,
    log: Annotated[
        bool, typer.Option("--log", help="Print the stages of recovery, a line each, oldest first.")
    ] = False,
    token_file: TokenFile = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List the tasks that workers do, the newest first; `tieout work` does them.

    For example:

        tieout tasks

        tieout tasks --status failed --json

        tieout tasks --cancel 3fa9c1

        tieout tasks --log
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin, token_of
    from tools.identity import people
    from tools.runs import tasks as queue
    from tools.store import open_store

    settings = begin()
    store = open_store(settings.database_url)
    if log:
        from desk.cli.screen import plain_utf8
        from desk.views.safe_text import visible
        from tools.recovery import task_log

        plain_utf8()
        for line in task_log.lines(store):
            print(visible(line))
        return
    if cancel is None and retry is None:
        write(TASKS, (task.as_dict() for task in queue.list_tasks(store, status=status)), form, limit)
        return
    from desk.cli.screen import err
    from tools.core.errors import IdentityError

    person = people.sign_in(token_of(settings, token_file), settings)
    if not person.may("decide"):
        raise IdentityError(f"{person.user} may not cancel or retry tasks.", remedy="An approver may.")
    if cancel is not None:
        task = queue.cancel(store, queue.get(store, cancel).task_id)
        err().print(f"Task {task.task_id} is cancelled.", soft_wrap=True)
    if retry is not None:
        task = queue.retry(store, queue.get(store, retry).task_id)
        err().print(f"Task {task.task_id} is tried again by the next worker.", soft_wrap=True)
