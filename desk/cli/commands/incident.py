"""`tieout incident`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from desk.cli.decide import Note
from desk.cli.options import AsCsv, AsJson, TokenFile
from desk.cli.rows import Form, form_of, write

if TYPE_CHECKING:
    from tools.core.settings import Settings
    from tools.identity.people import Person
    from tools.store import Store
    from tools.store.models import Incident


def incident(
    action: Annotated[
        Literal["list", "show", "rerun", "report", "close", "verdict"],
        typer.Argument(
            help="list; show: all of one; rerun: see its evidence again; report: its post-mortem; close; "
            "verdict: was it right?"
        ),
    ] = "list",
    name: Annotated[str, typer.Argument(metavar="[INCIDENT]", help="Such as INC-7.")] = "",
    *,
    verdict: Annotated[
        Literal["right", "wrong", "other_cause"] | None, typer.Option("--as", help="What a verdict says.")
    ] = None,
    on: Annotated[
        str,
        typer.Option(
            help="Of which hypothesis; of rerun: which evidence.", show_default="the first; all", metavar="ID"
        ),
    ] = "",
    html: Annotated[bool, typer.Option("--html", help="A report as HTML instead of Markdown.")] = False,
    note: Note = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List incidents, read one whole, see its evidence again, close it, or say whether its cause was right.

    Verdicts are recorded with your name, and later confidences learn from them.

    For example:

        tieout incident show INC-7

        tieout incident rerun INC-7 --on D2

        tieout incident verdict INC-7 --as right --note "the vendor confirmed it"

        tieout incident report INC-7 --html > inc-7.html
    """
    from desk.cli.startup import begin, token_of
    from tools.core.errors import UsageError
    from tools.identity import people
    from tools.store import incidents, open_store

    form, settings = form_of(as_json, as_csv), begin()
    store = open_store(settings.database_url)
    if action == "list":
        _list(store, form)
        return
    if not name:
        raise UsageError("name an incident.", remedy="'tieout incident list' lists them.")
    row = incidents.get(store, name.upper())
    if action == "rerun":
        _rerun(store, settings, row, on, form)
    elif action in ("show", "report"):
        _print(store, row, report=action == "report", html=html, as_json=as_json)
    else:
        person = people.sign_in(token_of(settings, token_file), settings)
        if action == "close":
            _close(store, person, row)
        else:
            _judge(store, person, row, verdict, hypothesis=on, note=note)


def _list(store: Store, form: Form) -> None:
    from desk.cli.columns import INCIDENTS
    from tools.store import incidents

    rows = incidents.find(store, limit=1000)
    write(INCIDENTS, ({**row.as_dict(), "outcome": row.result.get("outcome", "")} for row in rows), form)


def _rerun(store: Store, settings: Settings, row: Incident, evidence: str, form: Form) -> None:
    from desk.cli.columns import EVIDENCE
    from tools.incidents import rerun

    write(EVIDENCE, [each.as_dict() for each in rerun.see_again(store, settings, row, evidence)], form)


def _print(store: Store, row: Incident, *, report: bool, html: bool, as_json: bool) -> None:
    """Print all of an incident, or its post-mortem."""
    from desk.cli.incident_page import show
    from desk.cli.screen import plain_utf8
    from desk.papers import post_mortem
    from desk.views.incident import overview
    from desk.views.safe_text import json_text

    whole = overview(store, row)
    if not report and not as_json:
        show(whole, whole=True)
        return
    plain_utf8()
    print(post_mortem.render(whole, html=html) if report else json_text(whole, indent=1))


def _close(store: Store, person: Person, row: Incident) -> None:
    from desk import incidents
    from desk.cli.incident_page import say

    incidents.close(store, person, row.incident_id)
    say(f"{row.incident_id} is closed.")


def _judge(
    store: Store, person: Person, row: Incident, verdict: str | None, *, hypothesis: str, note: str
) -> None:
    """Record whether the cause was right. Raises UsageError without a verdict."""
    from desk import incidents
    from desk.cli.incident_page import say
    from tools.core.errors import UsageError

    if verdict is None:
        raise UsageError("say what it turned out to be.", place="--as", remedy="right, wrong or other_cause.")
    judged = incidents.judge(store, person, row.incident_id, verdict, on=hypothesis, note=note)
    say(f"{person.name} said of {judged.verdict_on} of {judged.incident_id}: {verdict.replace('_', ' ')}.")
