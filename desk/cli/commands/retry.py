"""`tieout retry`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.options import TokenFile


def retry(
    task: Annotated[str, typer.Argument(help="The task, or the start of its id.", metavar="TASK")],
    *,
    token_file: TokenFile = None,
) -> None:
    """Try a failed task again with what it was first given, up to 3 times in all; 'tieout tasks' lists them.

    For example:

        tieout retry 3fa9c1
    """
    from desk.cli.commands import tasks

    tasks.tasks(retry=task, token_file=token_file)
