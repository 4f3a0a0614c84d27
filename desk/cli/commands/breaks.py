"""`tieout breaks`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.columns import BREAKS
from desk.cli.options import AsCsv, AsJson, Limit, Pair, ReadRun
from desk.cli.rows import form_of, write


def breaks(
    run: ReadRun = "last",
    *,
    pair: Pair = None,
    reason: Annotated[str | None, typer.Option(help="Of one reason alone, such as missing.")] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List what did not match, the largest first, with the reason and the nearest candidate.

    For example:

        tieout breaks

        tieout breaks last --reason timing --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin, results_of

    write(BREAKS, results_of(begin(), run).breaks(pair=pair, reason=reason), form, limit)
