"""`tieout findings`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from desk.cli.columns import FINDINGS
from desk.cli.options import AsCsv, AsJson, Limit, ReadRun
from desk.cli.rows import form_of, write


def findings(
    run: ReadRun = "last",
    *,
    check: Annotated[
        Literal["quality", "reconciliation", "anomaly"] | None, typer.Option(help="Of one check alone.")
    ] = None,
    test: Annotated[str | None, typer.Option(help="Of one test alone.")] = None,
    over: Annotated[int | None, typer.Option(help="With a score above this.", min=0, max=100)] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List what the tests found, the highest score first.

    A finding is not yet a flag: weak ones only count together, and documents may explain it.

    For example:

        tieout findings

        tieout findings last --test duplicate_payment --csv > duplicates.csv
    """
    form = form_of(as_json, as_csv)
    from desk.cli.opening import begin, results_of

    write(FINDINGS, results_of(begin(), run).findings(check=check, test=test, over=over), form, limit)
