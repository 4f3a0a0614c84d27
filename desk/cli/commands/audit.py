"""`tieout audit`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import AsJson, Rules, TokenFile


def audit(
    sources: Annotated[Path, typer.Argument(help="Sources file; 'tieout init FOLDER' proposes one.")],
    *,
    rules: Rules = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Audit as if it were this day.", show_default="the books', or today"
        ),
    ] = None,
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Audit what was posted since the last run: read, test, merge, judge, and ask where a person decides.

    Ends with exit code 3 where it waits for a person; 'tieout approve' goes on from there.

    For example:

        tieout audit samples/sources.yaml

        tieout audit books/sources.yaml --as-of 2025-12-31 --rules rules.yaml --json
    """
    import uuid
    from functools import partial

    from desk.cli.startup import begin, token_of
    from tools.core.errors import SourcesError

    settings = begin()
    if sources.is_dir():
        raise SourcesError(
            "is a folder.",
            place=str(sources),
            remedy=f"Name the sources file in it: {sources / 'sources.yaml'}",
        )
    if not sources.is_file():
        raise SourcesError(
            "there is no such sources file.", place=str(sources), remedy="Try: tieout init FOLDER"
        )
    token = token_of(settings, token_file)
    values = {"sources": str(sources.resolve())}
    values |= {"rules": str(rules.resolve())} if rules else {}
    values |= {"as_of": as_of.date().isoformat()} if as_of else {}

    from desk.cli.running import carry_out
    from graph.runtime import session

    thread = str(uuid.uuid4())
    code = carry_out(
        settings,
        thread,
        partial(session.start, values, thread_id=thread, token=token),
        as_json=as_json,
    )
    raise typer.Exit(code)
