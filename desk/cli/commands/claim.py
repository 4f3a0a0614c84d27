"""`tieout claim`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from desk.cli.decide import Note
from desk.cli.options import AsJson, TokenFile

if TYPE_CHECKING:
    from tools.core.settings import Settings

Action = Literal["show", "hold", "release", "meeting", "lost", "write-off", "archive", "won"]


def claim(
    name: Annotated[str, typer.Argument(metavar="CLAIM", help="The claim, or the start of its name.")],
    action: Annotated[
        Action,
        typer.Argument(
            help="show it; put it on hold or release it; record a meeting, that it is lost, written off,"
            " archived, or won by a document named in --note."
        ),
    ] = "show",
    *,
    note: Note = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Show a claim with all that belongs to it, or record what a person knows about it.

    For example:

        tieout claim K-8ae08

        tieout claim K-8ae08 hold --note "they ask for copies"
    """
    from desk.cli.startup import begin
    from tools.recovery import claims
    from tools.store import open_store

    settings = begin()
    store = open_store(settings.database_url)
    claim_id = claims.find(store, name).claim_id
    if action != "show":
        _act(settings, claim_id, action, note, token_file)
    from desk.cli.claim_page import show
    from desk.cli.screen import plain_utf8
    from desk.views.safe_text import json_text

    dossier = claims.dossier(store, claim_id)
    if as_json:
        plain_utf8()
        print(json_text(dossier, indent=1))
        return
    show(dossier)


def _act(settings: Settings, claim_id: str, action: Action, note: str, token_file: object) -> None:
    from pathlib import Path

    from desk import claims as deciding
    from desk.cli.startup import token_of

    file = token_file if isinstance(token_file, Path) else None
    deciding.act(settings, claim_id, action, note, token_of(settings, file))
