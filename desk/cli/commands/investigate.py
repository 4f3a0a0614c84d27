"""`tieout investigate`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from desk.cli.options import AsJson, TokenFile


def investigate(
    target: Annotated[
        str,
        typer.Argument(
            metavar="[INCIDENT | CASE | RUN | FILE]",
            help="What to look into, or a .json file that says so; none with --metric or --service.",
        ),
    ] = "",
    *,
    metric: Annotated[
        str,
        typer.Option(
            help="A number of the books, or a column of --file; a rate is COLUMN/COLUMN.", metavar="NAME"
        ),
    ] = "",
    by: Annotated[str, typer.Option(help="Dimensions to take it apart by.", metavar="NAME,NAME")] = "",
    window: Annotated[str, typer.Option(help="When it moved: 2025-09, or two days with .. between.")] = "",
    against: Annotated[str, typer.Option(help="What it is held against.", metavar="WINDOW")] = "",
    run: Annotated[str, typer.Option(help="Whose books.", metavar="RUN")] = "last",
    file: Annotated[
        Path | None,
        typer.Option(help="Another table: CSV or Parquet.", metavar="FILE", exists=True, dir_okay=False),
    ] = None,
    time: Annotated[str, typer.Option(help="Its column of time.", metavar="COLUMN")] = "",
    service: Annotated[
        list[str] | None,
        typer.Option("--service", help="A service that misbehaves; again for another.", metavar="NAME"),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"], help="When it began, in UTC."
        ),
    ] = None,
    severity: Annotated[
        Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"] | None, typer.Option(help="How grave it is.")
    ] = None,
    budget: Annotated[
        str, typer.Option(help="Dollars that models may cost.", show_default="10.00, or 20.00 for CRITICAL")
    ] = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Say why: three observers look at once, each hypothesis is tried against what would show it wrong.

    It decides and changes nothing. Ends with exit code 4 where the budget was used up; all that was seen is
    kept.

    For example:

        tieout investigate C-756d19c585

        tieout investigate incident.json

        tieout investigate --metric spend --by vendor,category,person --window 2025-09 --against 2025-08
    """
    from datetime import UTC

    from desk import incidents as asked_of
    from desk.cli.incident_page import say, show
    from desk.cli.screen import plain_utf8
    from desk.cli.startup import begin, token_of
    from desk.views.incident import overview
    from desk.views.safe_text import json_text
    from tools.core.errors import UsageError
    from tools.identity import people
    from tools.incidents import purse
    from tools.store import incidents, open_store

    settings = begin()
    token, store = token_of(settings, token_file), open_store(settings.database_url)
    if sum(map(bool, (target, metric, service))) != 1:
        raise UsageError(
            "name a case, a run or an incident; or --metric; or --service.", remedy="Try --help."
        )
    if metric and not (window and against and by):
        raise UsageError("a number needs --by, --window and --against.")
    who = people.sign_in(token, settings).user if token else "local:open"
    grave = severity or ""
    if metric:
        number = asked_of.NumberAsked(
            metric, by, window, against, str(file.resolve()) if file else "", time, run
        )
        row = asked_of.open_number(store, number, opened_by=who, severity=grave)
    elif service:
        began = since.replace(tzinfo=UTC) if since else None
        row = asked_of.open_system(store, service, since=began, opened_by=who, severity=grave)
    elif target.lower().endswith(".json"):
        from desk import incident_files

        row = incident_files.open_file(store, Path(target), settings, opened_by=who)
    else:
        row = asked_of.open_target(store, target, opened_by=who, severity=grave)
    if not as_json:
        say(f"Observing {row.incident_id}: {row.title}")
    asked_of.investigate(store, row, budget=budget, token=token)
    result = overview(store, incidents.get(store, row.incident_id))
    if as_json:
        plain_utf8()
        print(json_text(result, indent=1))
    else:
        show(result)
    spent = result["result"]
    if spent["over_budget"]:
        from decimal import Decimal

        raise purse.exceeded(
            row.incident_id, str(result["run_id"]), Decimal(spent["budget"]), Decimal(spent["spent"])
        )
