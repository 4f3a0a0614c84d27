"""`tieout followup`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import AsJson, TokenFile


def followup(
    sources: Annotated[
        Path | None,
        typer.Argument(help="Sources file with the bank's lines.", show_default="that of the last recovery"),
    ] = None,
    *,
    replies: Annotated[
        Path | None,
        typer.Option(help="Folder or mailbox with answers.", show_default="TIEOUT_REPLIES_FROM"),
    ] = None,
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Do a day's follow-up: read answers, find money, draft the letters that are due, send what may go out.

    Money that is found closes its claim. Ends with exit code 3 where letters wait for a person.

    For example:

        tieout followup samples/recovery/january.yaml --replies samples/recovery/replies.mbox

        tieout followup --json
    """
    import uuid
    from functools import partial

    from desk.cli.running import carry_out
    from desk.cli.startup import begin, token_of
    from graph.runtime import session

    settings = begin()
    token = token_of(settings, token_file)
    values = {"sources": str(sources.resolve())} if sources else {}
    values |= {"replies": str(replies.resolve())} if replies else {}
    thread = f"follow-up-{uuid.uuid4()}"
    work = partial(session.start, values, thread_id=thread, token=token, graph="follow_up")
    raise typer.Exit(carry_out(settings, thread, work, as_json=as_json))
