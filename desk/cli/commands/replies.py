"""`tieout replies`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from desk.cli.columns import REPLIES
from desk.cli.options import AsCsv, AsJson, Limit, TokenFile
from desk.cli.rows import Form, form_of, write


def replies(
    inbox: Annotated[
        Path | None, typer.Argument(help="Read this folder of .eml files, or mailbox, first.")
    ] = None,
    *,
    unsure: Annotated[bool, typer.Option("--unsure", help="Those that wait for a person.")] = False,
    settle: Annotated[
        str | None, typer.Option(help="Say what an unsure one is, with --as.", metavar="REPLY")
    ] = None,
    kind: Annotated[
        str, typer.Option("--as", help="paid, agree, dispute, question ...", metavar="KIND")
    ] = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List the mails that came in, the newest first, and what each was read to be; none is lost.

    A returned letter or a complaint suppresses its address, a dispute or a question puts its claim on hold.

    For example:

        tieout replies inbox/

        tieout replies --settle 3fa9c1 --as dispute
    """
    form = form_of(as_json, as_csv)
    from desk.approvals.decide import signed_in
    from desk.cli.startup import begin, token_of
    from tools.recovery import day
    from tools.recovery.replies import apply
    from tools.store import open_store

    settings = begin()
    store = open_store(settings.database_url)
    if settle is not None:
        person = signed_in(token_of(settings, token_file), settings)
        apply.settle(store, settle, kind, person.user)
    elif inbox is not None:
        day.read_replies(str(inbox))
    rows = apply.rows(store, "unsure" if unsure else "", 100_000)
    write(REPLIES, rows, form, limit)
    if unsure and form is Form.TABLE:
        _show(rows[: limit or len(rows)])


def _show(rows: list[dict[str, Any]]) -> None:
    """Print mails that a person has to read, and how to say what they are."""
    from desk.cli.screen import out
    from desk.views.safe_text import visible
    from tools.recovery.replies.apply import KINDS

    for row in rows:
        out().print(f"\n{row['reply_id'][:8]}  From: {visible(row['sender'])}", style="head", soft_wrap=True)
        out().print(f"Subject: {visible(row['subject'])}\n", soft_wrap=True)
        for line in str(row["text"]).splitlines():
            out().print(visible(line), soft_wrap=True, markup=False)
    if rows:
        out().print(
            f"\nSay what each is: tieout replies --settle REPLY --as {'|'.join(KINDS)}",
            soft_wrap=True,
            markup=False,
        )
