"""`tieout pipeline`."""

from __future__ import annotations

from typing import Final

from desk.cli.options import AsJson
from desk.cli.table import TableColumn

_STATES: Final = (
    TableColumn("state", "", kind="word", heading="State"),
    TableColumn("claims", "", kind="number", heading="Claims"),
)
_VALUES: Final = (
    TableColumn("tier", "", kind="id", heading="Live"),
    TableColumn("claims", "", kind="number", heading="Count"),
    TableColumn("low", "", kind="money", heading="Low"),
    TableColumn("mid", "", kind="money", heading="Mid"),
    TableColumn("high", "", kind="money", heading="High"),
    TableColumn("expected", "", kind="money", heading="Expected"),
    TableColumn("fee", "", kind="money", heading="Fee"),
    TableColumn("currency", ""),
)


def pipeline(*, as_json: AsJson = False) -> None:
    """Show how many claims are in each of the eleven states, and what the live ones are worth.

    For example:

        tieout pipeline

        tieout pipeline --json
    """
    from desk.cli.screen import out, plain_utf8
    from desk.cli.startup import begin
    from desk.cli.table import laid_out, money
    from desk.views.recovery import pipeline_view
    from desk.views.safe_text import json_text

    view = pipeline_view(begin())
    if as_json:
        plain_utf8()
        print(json_text(view, indent=1))
        return
    states = [{"state": state, "claims": count} for state, count in view["counts"].items()]
    out().print(laid_out(_STATES, states, out().width), soft_wrap=True)
    rows = [{**row, "tier": "tier high"} for row in view["high"]] + [
        {**row, "tier": "all"} for row in view["all"]
    ]
    if rows:
        out().print()
        out().print(laid_out(_VALUES, rows, out().width), soft_wrap=True)
    for currency, amount in view["recovered"].items():
        out().print(f"\nCame back: {money(amount)} {currency}", soft_wrap=True)
