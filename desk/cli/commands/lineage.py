"""`tieout lineage`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.options import AsJson


def lineage(
    name: Annotated[
        str,
        typer.Argument(
            help="A flag, a row key, the row's id, an invoice number, a reference, or an amount and day."
        ),
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Follow a posting: file and line, each test that saw it, match or break, documents, flags, decisions.

    For example:

        tieout lineage fq3xk2

        tieout lineage PAY-00532 --json

        tieout lineage "3830.00 2025-02-24"
    """
    from desk.cli.screen import plain_utf8
    from desk.cli.startup import begin
    from desk.views.safe_text import json_text
    from tools.operations import lineage as row_lineage
    from tools.store import open_store

    settings = begin()
    details = row_lineage.of(open_store(settings.database_url), name, settings)
    if as_json:
        plain_utf8()
        print(json_text(details, indent=1))
        return
    from desk.cli.lineage_page import lineage_letter

    lineage_letter(details)
