"""`tieout suppress`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from desk.cli.columns import SUPPRESSIONS
from desk.cli.decide import Note
from desk.cli.options import AsCsv, AsJson, Limit, TokenFile
from desk.cli.rows import Form, form_of, write


def suppress(
    action: Annotated[
        Literal["add", "list", "export", "erase"],
        typer.Argument(
            help="add an address or @domain; list them; export them as CSV; erase one: still refused."
        ),
    ] = "list",
    address: Annotated[str, typer.Argument(help="name@domain, or @domain.")] = "",
    *,
    note: Note = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """Keep the list of addresses that no letter goes to, whatever its claim.

    For example:

        tieout suppress add office@example.com --note "asked on the phone"

        tieout suppress export > suppressed.csv
    """
    form = form_of(as_json, as_csv or action == "export")
    from desk.approvals.decide import signed_in
    from desk.cli.startup import begin, token_of
    from tools.recovery import suppressions
    from tools.store import open_store

    settings = begin()
    store = open_store(settings.database_url)
    if action in ("add", "erase"):
        person = signed_in(token_of(settings, token_file), settings)
        if action == "add":
            suppressions.add(store, address, "by_hand", by=person.user, note=note)
        else:
            suppressions.erase(store, address)
    write(SUPPRESSIONS, suppressions.rows(store), form, 0 if form is not Form.TABLE else limit)
