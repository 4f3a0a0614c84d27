"""`tieout modify`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from desk.cli.answering import Flag, Note, answer
from desk.cli.options import ActRun, AsJson, TokenFile


def modify(
    run: ActRun,
    to: Annotated[
        Literal["CRITICAL", "WARNING", "INFO"], typer.Option("--to", help="The severity that it is.")
    ],
    *,
    case: Annotated[str | None, typer.Option("--case", help="The case.", metavar="CASE")] = None,
    flag: Flag = None,
    note: Note = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Change the severity of a case, have it judged again, and be asked again.

    For example:

        tieout modify 20251231-3fa9c1 --case 4f1c --to WARNING --note "insured"
    """
    from tools.errors import UsageError

    if case is None and flag is None:
        raise UsageError("name the case, or the flag.", remedy="Give --case CASE or --flag FLAG.")
    code = answer(
        run, "edit", case=case, flag=flag, severity_to=to, note=note, token_file=token_file, as_json=as_json
    )
    raise typer.Exit(code)
