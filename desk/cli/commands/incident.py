"""`tieout incident`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from desk.cli.decide import Note
from desk.cli.options import AsCsv, AsJson, TokenFile
from desk.cli.rows import form_of, write


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
    form = form_of(as_json, as_csv)
    from desk import incidents as acting
    from desk.cli.columns import EVIDENCE, INCIDENTS
    from desk.cli.incident_page import say, show
    from desk.cli.screen import plain_utf8
    from desk.cli.startup import begin, token_of
    from desk.papers import post_mortem
    from desk.views.incident import overview
    from desk.views.safe_text import json_text
    from tools.core.errors import UsageError
    from tools.identity import people
    from tools.incidents import rerun
    from tools.store import incidents, open_store

    settings = begin()
    store = open_store(settings.database_url)
    if action == "list":
        rows = incidents.find(store, limit=1000)
        write(INCIDENTS, ({**row.as_dict(), "outcome": row.result.get("outcome", "")} for row in rows), form)
        return
    if not name:
        raise UsageError("name an incident.", remedy="'tieout incident list' lists them.")
    row = incidents.get(store, name.upper())
    if action in ("show", "report"):
        whole = overview(store, row)
        if action == "show" and not as_json:
            show(whole, whole=True)
            return
        plain_utf8()
        text = json_text(whole, indent=1) if action == "show" else post_mortem.render(whole, html=html)
        print(text)
        return
    if action == "rerun":
        pieces = [each.as_dict() for each in rerun.see_again(store, settings, row, on)]
        write(EVIDENCE, pieces, form)
        return
    person = people.sign_in(token_of(settings, token_file), settings)
    if action == "close":
        acting.close(store, person, row.incident_id)
        say(f"{row.incident_id} is closed.")
        return
    if verdict is None:
        raise UsageError("say what it turned out to be.", place="--as", remedy="right, wrong or other_cause.")
    judged = acting.judge(store, person, row.incident_id, verdict, on=on, note=note)
    say(f"{person.name} said of {judged.verdict_on} of {judged.incident_id}: {verdict.replace('_', ' ')}.")
