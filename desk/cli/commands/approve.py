"""`tieout approve`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.decide import Case, Everything, Flag, Note, Severity, answer
from desk.cli.options import ActRun, AsJson, TokenFile

if TYPE_CHECKING:
    from desk.approvals.decide import Word


def approve(
    run: ActRun,
    *,
    case: Case = None,
    flag: Flag = None,
    severity: Severity = None,
    everything: Everything = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="At the gate: run the checks that did not finish again.")
    ] = False,
    note: Note = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Approve what a run asks: its flags stand, or it passes its gate. What is named, or --all of it.

    Who you are comes from TIEOUT_TOKEN or --token-file. A CRITICAL case takes two different people,
    and never whoever started the run.

    For example:

        tieout approve 20251231-3fa9c1 --severity WARNING --note "seen with the bank"

        tieout approve 20251231-3fa9c1 --all --token-file ~/.tieout-token
    """
    word: Word = "retry" if retry else "approve"
    raise typer.Exit(
        answer(
            run,
            word,
            case=case,
            flag=flag,
            severity=severity,
            everything=everything,
            note=note,
            token_file=token_file,
            as_json=as_json,
        )
    )
