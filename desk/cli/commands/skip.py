"""`tieout skip`."""

from __future__ import annotations

import typer

from desk.cli.decide import Case, Everything, Flag, Note, Severity, answer
from desk.cli.options import ActRun, AsJson, TokenFile


def skip(
    run: ActRun,
    *,
    case: Case = None,
    flag: Flag = None,
    severity: Severity = None,
    everything: Everything = False,
    note: Note = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Leave cases undecided: their flags stay on record, and this run asks no more about them.

    For example:

        tieout skip 20251231-3fa9c1 --case 4f1c --note "left to the year-end review"
    """
    raise typer.Exit(
        answer(
            run,
            "skip",
            case=case,
            flag=flag,
            severity=severity,
            everything=everything,
            note=note,
            token_file=token_file,
            as_json=as_json,
        )
    )
