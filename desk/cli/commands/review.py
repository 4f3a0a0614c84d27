"""`tieout review`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from desk.cli.columns import FLAGS
from desk.cli.decide import Note
from desk.cli.options import AsJson, TokenFile
from desk.cli.rows import Form, write


def review(
    flag: Annotated[
        list[str] | None, typer.Argument(metavar="[FLAG]...", help="Flags, or the starts of their names.")
    ] = None,
    *,
    verdict: Annotated[
        Literal["confirmed", "false_positive", "needs_information"],
        typer.Option("--as", help="What they turned out to be."),
    ],
    case: Annotated[
        str | None, typer.Option("--case", help="Every flag of one case.", metavar="CASE")
    ] = None,
    note: Note = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Say what flags turned out to be, one by one or a case at a time: feedback learns from it.

    Who you are comes from TIEOUT_TOKEN or --token-file; an auditor, an approver or an admin may review.
    A later review replaces the first; a flag's history keeps both (tieout explain FLAG).

    For example:

        tieout review f3k2 --as false_positive --note "a subscription"

        tieout review --case 4f1c --as confirmed --json
    """
    from desk import reviews
    from desk.cli.screen import err
    from desk.cli.startup import begin, token_of
    from desk.views.store_rows import flag_row
    from tools.identity import people
    from tools.store import open_store

    settings = begin()
    person = people.sign_in(token_of(settings, token_file), settings)
    store = open_store(settings.database_url)
    subject = reviews.ReviewTarget(tuple(flag or ()), case)
    reviewed = reviews.review(store, person, subject, verdict, note)
    if as_json:
        write(FLAGS, map(flag_row, reviewed), Form.JSON)
        return
    count = f"{len(reviewed)} flag{'s' if len(reviewed) > 1 else ''}"
    err().print(f"{person.name} reviewed {count}: {verdict.replace('_', ' ')}.", soft_wrap=True)
