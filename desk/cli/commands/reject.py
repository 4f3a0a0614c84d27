"""`tieout reject`."""

from __future__ import annotations

import typer

from desk.cli.decide import Case, Everything, Flag, Note, Severity, answer
from desk.cli.options import ActRun, AsJson, TokenFile


def reject(
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
    """Reject what a run asks, what is named or --all of it: flags are dismissed, a run stops at its gate.

    Say why with --note. A rejected flag stays on record as rejected. Books of a run stopped at its gate are
    audited again later.

    For example:

        tieout reject 20251231-3fa9c1 --case 4f1c --note "refunded on 3 March"
    """
    raise typer.Exit(
        answer(
            run,
            "reject",
            case=case,
            flag=flag,
            severity=severity,
            everything=everything,
            note=note,
            token_file=token_file,
            as_json=as_json,
        )
    )
