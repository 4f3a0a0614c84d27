"""`tieout recover`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from desk.cli.options import AsJson, TokenFile


def recover(
    sources: Annotated[
        Path | None,
        typer.Argument(help="Sources file with the books.", show_default="that of the last audit"),
    ] = None,
    *,
    industry: Annotated[str, typer.Option(help="Look for prospects of this industry.")] = "",
    location: Annotated[str, typer.Option(help="In this city, state or country.")] = "",
    count: Annotated[int, typer.Option(min=1, max=500, help="So many prospects at most.")] = 20,
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Make claims of what is owed, score them, ask people, find contacts, and draft letters.

    Claims come from flags that people approved, vendors' statements, invoices past due and utility bills.
    With --industry and --location it looks for prospects instead: two people approve each of those.
    Nothing is pursued and nothing is sent before a person approves it.
    Ends with exit code 3 where it waits for one.

    For example:

        tieout recover

        tieout recover samples/sources.yaml --json

        tieout recover samples/recovery/sources.yaml --industry hotels --location ME --count 10
    """
    import uuid
    from functools import partial

    from desk.cli.running import carry_out
    from desk.cli.startup import begin, token_of
    from graph.runtime import session
    from tools.core.errors import UsageError

    if bool(industry) != bool(location):
        raise UsageError(
            "prospects need an industry and a location.", remedy="Give both: --industry, --location."
        )
    settings = begin()
    token = token_of(settings, token_file)
    values: dict[str, Any] = {"sources": str(sources.resolve())} if sources else {}
    if industry:
        values["prospects"] = {"industry": industry, "location": location, "count": count}
    thread = f"recovery-{uuid.uuid4()}"
    work = partial(session.start, values, thread_id=thread, token=token, graph="recovery")
    raise typer.Exit(carry_out(settings, thread, work, as_json=as_json))
