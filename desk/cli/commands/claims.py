"""`tieout claims`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.columns import CLAIMS
from desk.cli.options import AsCsv, AsJson, Limit
from desk.cli.rows import form_of, write


def claims(
    *,
    status: Annotated[str, typer.Option(help="In this state alone.", metavar="STATE")] = "",
    tier: Annotated[str, typer.Option(help="high, medium or low.", metavar="TIER")] = "",
    party: Annotated[str, typer.Option(help="Whose party's name contains this.")] = "",
    open_only: Annotated[bool, typer.Option("--open", help="Those that have not ended.")] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List claims, the greatest expected value first.

    For example:

        tieout claims --open

        tieout claims --status won --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from tools.core.errors import UsageError
    from tools.recovery import claims as reading
    from tools.recovery.states import STATES
    from tools.store import open_store

    known = next((state for state in STATES if state == status), None)
    if status and known is None:
        raise UsageError(f"'{status}' is no state.", remedy=f"They are: {', '.join(STATES)}.")
    criteria = reading.ClaimFilter(status=known, tier=tier, party=party, open_only=open_only, limit=100_000)
    write(CLAIMS, reading.rows(open_store(begin().database_url), criteria), form, limit)
