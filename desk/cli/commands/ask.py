"""`tieout ask` and `tieout do`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.options import AsCsv, AsJson, TokenFile
from desk.cli.rows import Form, form_of

if TYPE_CHECKING:
    from pathlib import Path

Choose = Annotated[
    int | None,
    typer.Option(
        "--choose", min=1, help="Which reading, where it could mean several things.", metavar="NUMBER"
    ),
]


def ask(
    text: Annotated[str, typer.Argument(help="A question in English or German.", metavar="QUESTION")],
    *,
    choose: Choose = None,
    token_file: TokenFile = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Ask the books in plain words: a governed figure with its definition, window, rows and query.

    It works without a model. A word that means nothing here is named instead of left out; what could mean
    several things is asked about (exit code 3). A question may lean on the one before: "and by month?".

    For example:

        tieout ask "spend with Windlass Freight Lines last quarter"

        tieout ask "and by month?" --csv

        tieout ask "wie viele Rechnungen sind überfällig?"
    """
    raise typer.Exit(_put(text, choose, token_file, form_of(as_json, as_csv)))


def do(
    text: Annotated[str, typer.Argument(help="What is to be done, in English or German.", metavar="WORDS")],
    *,
    choose: Choose = None,
    pattern: Annotated[
        str,
        typer.Option(
            help="How: direct, chain, parallel, hierarchical, refine or human_first; else as the words ask."
        ),
    ] = "",
    agent: Annotated[
        list[str] | None, typer.Option(help="Which graph does it; else whichever can.", metavar="GRAPH")
    ] = None,
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Have something started in plain words: an audit, feedback, a recovery, a programme, an investigation.

    Nothing starts from the words alone: what would happen is shown, and somebody confirms it with
    'tieout approve RUN' (exit code 3). Then the workers carry it out, in the name of whoever asked.

    For example:

        tieout do "start an audit"

        tieout do "start an audit, and then recovery"

        tieout do "run feedback" --pattern human_first
    """
    form = form_of(as_json, as_csv=False)
    raise typer.Exit(_put(text, choose, token_file, form, pattern=pattern, agents=tuple(agent or ())))


def _put(
    text: str,
    choose: int | None,
    token_file: Path | None,
    form: Form,
    *,
    pattern: str = "",
    agents: tuple[str, ...] = (),
) -> int:
    from desk import front_desk
    from desk.cli.answer_page import write_said
    from desk.cli.exit_codes import ExitCode
    from desk.cli.startup import begin, token_of

    settings = begin()
    token = token_of(settings, token_file)
    said = front_desk.ask(text, token=token, choose=choose, pattern=pattern, agents=agents)
    write_said(said, form)
    if said.waits:
        return ExitCode.WAITS
    return ExitCode.DONE if said.kind not in front_desk.NOT_DONE else ExitCode.FAILED
