"""`tieout recover`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import AsJson, TokenFile


def recover(
    sources: Annotated[
        Path | None,
        typer.Argument(help="Sources file with the books.", show_default="that of the last audit"),
    ] = None,
    *,
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Make claims of what is owed, score them, ask people, find contacts, and draft letters.

    Claims come from flags that people approved, from vendors' statements and from invoices past due.
    Nothing is pursued and nothing is sent before a person approves it.
    Ends with exit code 3 where it waits for one.

    For example:

        tieout recover

        tieout recover samples/sources.yaml --json
    """
    import uuid
    from functools import partial

    from desk.cli.running import carry_out
    from desk.cli.startup import begin, token_of
    from graph.runtime import session

    settings = begin()
    token = token_of(settings, token_file)
    values = {"sources": str(sources.resolve())} if sources else {}
    thread = f"recovery-{uuid.uuid4()}"
    work = partial(session.start, values, thread_id=thread, token=token, graph="recovery")
    raise typer.Exit(carry_out(settings, thread, work, as_json=as_json))
