"""`tieout audit`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.options import AsJson, Rules, TokenFile

if TYPE_CHECKING:
    from tools.core.settings import Settings


def audit(
    sources: Annotated[
        Path,
        typer.Argument(
            metavar="[SOURCES]",
            help="Sources file, or the folder it lies in; 'tieout init FOLDER' proposes one.",
            show_default="sources.yaml here",
        ),
    ] = Path("sources.yaml"),
    *,
    rules: Rules = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Audit as if it were this day.", show_default="the books', or today"
        ),
    ] = None,
    from_day: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="Audit the days from this one on again."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Audit all days again, as after a corrected sources file.")
    ] = False,
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Audit what was posted since the last run: read, test, merge, judge, and ask where a person decides.

    With --from or --again, days that were audited are audited again, in place of a run that waits over them,
    and nothing is raised twice. Ends with exit code 3 where it waits for a person; 'tieout approve' goes on
    from there.

    For example:

        tieout audit samples/sources.yaml

        tieout audit books

        tieout audit books/sources.yaml --as-of 2025-12-31 --rules rules.yaml --json

        tieout audit books/sources.yaml --from 2025-07-01
    """
    import uuid
    from functools import partial

    from desk.cli.startup import begin, token_of

    settings = begin()
    sources = _file(sources)
    token = token_of(settings, token_file)
    values = {"sources": str(sources.resolve())}
    values |= {"rules": str(rules.resolve())} if rules else {}
    values |= _rerun_input(sources.resolve(), settings, from_day, all_days=again)
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


def _file(sources: Path) -> Path:
    """Give the sources file that was named, or that lies in the folder that was.

    Raises SourcesError where there is none, with the command that proposes one.
    """
    from shlex import quote

    from tools.core.errors import SourcesError

    folder = sources if sources.is_dir() else sources.parent
    if sources.is_dir():
        sources = sources / "sources.yaml"
    if not sources.is_file():
        remedy = f"'tieout init {quote(str(folder))}' proposes one." if folder.is_dir() else "Check the path."
        raise SourcesError("there is no such sources file.", place=str(sources), remedy=remedy)
    return sources


def _rerun_input(
    sources: Path, settings: Settings, from_day: datetime | None, *, all_days: bool
) -> dict[str, str]:
    """Say what was changed since these books were audited, and what is read again; give the graph's input."""
    from desk.cli.screen import err
    from desk.views.safe_text import visible
    from tools.audit import read_again
    from tools.core.errors import UsageError
    from tools.ledger import sources as sources_file
    from tools.store import open_store

    if from_day and all_days:
        raise UsageError("--from and --again are two answers to one question.", remedy="Give one of them.")
    day = from_day.date().isoformat() if from_day else ""
    again_from = read_again.BEGINNING if all_days else day
    first = read_again.first_day(again_from)
    store = open_store(settings.database_url)
    for line in read_again.plan(store, settings, sources_file.load(sources), first):
        err().print(visible(line), style="warning", soft_wrap=True)
    return {"again_from": again_from} if again_from else {}
