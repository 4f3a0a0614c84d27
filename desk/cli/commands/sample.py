"""`tieout sample`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from desk.cli.options import AsJson, TokenFile

Action = Literal["plan", "select", "evaluate"]


def sample(
    action: Annotated[
        Action,
        typer.Argument(
            help="plan: how many. select SOURCE: which, as a workbook. evaluate FILE: what they show."
        ),
    ],
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="[SOURCE or FILE]",
            help="Sources with commas between them, or the workbook filled in.",
            show_default=False,
        ),
    ] = None,
    *,
    run: Annotated[
        str,
        typer.Option(
            "--run", help="select: of which audit.", show_default="the task's, or the newest", metavar="RUN"
        ),
    ] = "",
    book: Annotated[str, typer.Option(help="plan: the book value.", metavar="AMOUNT")] = "",
    tolerable: Annotated[
        str,
        typer.Option(
            help="Misstatement that is tolerable: performance materiality or less.", metavar="AMOUNT"
        ),
    ] = "",
    expected: Annotated[str, typer.Option(help="Misstatement that is expected.", metavar="AMOUNT")] = "0",
    confidence: Annotated[int, typer.Option(help="In percent: 99, 95, 90, 85, 80, 75, 70, 63 or 50.")] = 95,
    currency: Annotated[str, typer.Option(help="Which one.", show_default="the sources' only one")] = "",
    seed: Annotated[
        int | None,
        typer.Option(help="select: gives the random start.", show_default="a fresh one, on record", min=0),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="select: the workbook to write.", metavar="FILE", show_default=False),
    ] = None,
    task: Annotated[str, typer.Option(help="The task on whose working paper it goes.", metavar="TASK")] = "",
    programme: Annotated[
        str, typer.Option(help="The programme of the task.", show_default="the newest", metavar="RUN")
    ] = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Sample by monetary units what was not flagged: how many rows, which, and how much can be wrong.

    A row is selected as likely as its amount is large, from a random start whose seed is on record (ISA 530;
    AICPA, Audit Sampling). Fill in the workbook's column "Audited", row by row; `evaluate` then gives the
    most likely misstatement and its upper limit, and ends with exit code 1 where that is above what is
    tolerable.

    For example:

        tieout sample plan --book 2500000 --tolerable 125000 --expected 27722

        tieout sample select cards --tolerable 5000 --out cards.xlsx

        tieout sample evaluate cards.xlsx --task CAR2
    """
    from desk.cli import sample_actions as actions
    from desk.cli.startup import begin, token_of
    from tools.core.errors import UsageError
    from tools.identity import people
    from tools.store import open_store

    if not tolerable and action != "evaluate":
        raise UsageError(f"'{action}' needs --tolerable.", remedy="tieout sample --help")
    aims = actions.WrittenAims(tolerable, expected, confidence, currency)
    if action == "plan":
        raise typer.Exit(actions.plan(book, aims, as_json=as_json))
    if not subject:
        raise UsageError(f"'{action}' needs what it is about.", remedy="tieout sample --help")
    settings = begin()
    store = open_store(settings.database_url)
    person = people.sign_in(token_of(settings, token_file), settings)
    on_paper = actions.SampledPaper.of(store, programme, task)
    if action == "evaluate":
        raise typer.Exit(actions.evaluate(settings, store, Path(subject), person, on_paper, as_json=as_json))
    if out is None:
        raise UsageError("'select' needs --out, the workbook to write.", remedy="tieout sample --help")
    order = actions.SampleOrder(tuple(name.strip() for name in subject.split(",")), run, aims, seed, out)
    raise typer.Exit(actions.select(settings, store, order, person, on_paper, as_json=as_json))
