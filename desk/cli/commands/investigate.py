"""`tieout investigate`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from desk.cli.options import AsJson, TokenFile

if TYPE_CHECKING:
    from desk.incidents import NumberAsked
    from tools.core.settings import Settings
    from tools.store import Store
    from tools.store.models import Incident


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
    from desk.cli.startup import begin, token_of
    from desk.incidents import NumberAsked
    from tools.core.errors import UsageError
    from tools.store import open_store

    settings = begin()
    if sum(map(bool, (target, metric, service))) != 1:
        raise UsageError(
            "name a case, a run or an incident; or --metric; or --service.", remedy="Try --help."
        )
    if metric and not (window and against and by):
        raise UsageError("a number needs --by, --window and --against.")
    table = str(file.resolve()) if file else ""
    number = NumberAsked(metric, by, window, against, table, time, run) if metric else None
    store, token = open_store(settings.database_url), token_of(settings, token_file)
    subject = _Subject(target, number, service or [], since)
    row = _opened(store, settings, token, subject, severity or "")
    _look_into(store, row, budget, token, as_json=as_json)


class _Subject(NamedTuple):
    """What to look into: a case, run, incident or file by its name, a number, or services since a time."""

    name: str
    number: NumberAsked | None
    services: Sequence[str]
    since: datetime | None


def _opened(
    store: Store, settings: Settings, token: str | None, subject: _Subject, severity: str
) -> Incident:
    """Open the incident of a number, of services, of a file, or of what a name names."""
    from datetime import UTC

    from desk import incidents
    from tools.identity import people

    by = people.sign_in(token, settings).user if token else "local:open"
    if subject.number is not None:
        return incidents.open_number(store, subject.number, opened_by=by, severity=severity)
    if subject.services:
        since = subject.since.replace(tzinfo=UTC) if subject.since else None
        return incidents.open_system(store, subject.services, since=since, opened_by=by, severity=severity)
    if subject.name.lower().endswith(".json"):
        from desk import incident_files

        return incident_files.open_file(store, Path(subject.name), settings, opened_by=by)
    return incidents.open_target(store, subject.name, opened_by=by, severity=severity)


def _look_into(store: Store, row: Incident, budget: str, token: str | None, *, as_json: bool) -> None:
    """Run the investigation and print it. Raises BudgetExceededError where its money was used up."""
    from decimal import Decimal

    from desk import incidents
    from desk.cli.incident_page import say, show
    from desk.cli.screen import plain_utf8
    from desk.views.incident import overview
    from desk.views.safe_text import json_text
    from tools.incidents import purse
    from tools.store import incidents as incident_rows

    if not as_json:
        say(f"Observing {row.incident_id}: {row.title}")
    incidents.investigate(store, row, budget=budget, token=token)
    result = overview(store, incident_rows.get(store, row.incident_id))
    if as_json:
        plain_utf8()
        print(json_text(result, indent=1))
    else:
        show(result)
    cost = result["result"]
    if cost["over_budget"]:
        raise purse.exceeded(
            row.incident_id, str(result["run_id"]), Decimal(cost["budget"]), Decimal(cost["spent"])
        )
