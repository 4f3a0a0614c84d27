"""`tieout contacts`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.columns import CONTACTS
from desk.cli.options import AsCsv, AsJson
from desk.cli.rows import form_of, write


def contacts(
    name: Annotated[str, typer.Argument(metavar="CLAIM", help="The claim, or the start of its name.")],
    *,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List whom a claim's party can be written to: where each is from, how sure, until when it may be kept.

    A source that was not asked, or was away, has a row that says why.

    For example:

        tieout contacts K-8ae08

        tieout contacts K-8ae08 --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from tools.recovery import claims
    from tools.store import open_store

    write(CONTACTS, claims.contacts_and_sources(open_store(begin().database_url), name), form, None)
