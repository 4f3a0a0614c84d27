"""`tieout matches`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.columns import MATCHES
from desk.cli.options import AsCsv, AsJson, Limit, Pair, ReadRun
from desk.cli.rows import form_of, write


def matches(
    run: ReadRun = "last",
    *,
    pair: Pair = None,
    under: Annotated[float | None, typer.Option(help="With less confidence than this.", min=0, max=1)] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List what was matched with what, the least sure first.

    For example:

        tieout matches --under 0.7

        tieout matches last --pair bank_to_ledger --csv > matches.csv
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin, results_of

    write(MATCHES, results_of(begin(), run).matches(pair=pair, under=under), form, limit)
