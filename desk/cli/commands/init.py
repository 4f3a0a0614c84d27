"""`tieout init`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.options import AsJson

if TYPE_CHECKING:
    from tools.ledger.guess.propose import SourcesProposal


def init(
    folder: Annotated[
        str,
        typer.Argument(
            help="Folder with your files: CSV, Parquet, XLSX, bank statements; or a URL (database, s3://).",
            metavar="FOLDER",
        ),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", help="Where to write it.", metavar="FILE", show_default="FOLDER/sources.yaml"
        ),
    ] = None,
    dry: Annotated[bool, typer.Option("--dry", help="Print it and write nothing.")] = False,
    ask: Annotated[bool, typer.Option("--ask", help="Ask about each guess that is marked CHECK.")] = False,
    as_json: AsJson = False,
) -> None:
    """Propose a sources file for the tables in a folder, with the reason for each guess.

    Formats are told by content, kinds and columns by names and values, signs by the running balance, pairs by
    a first reading. It is printed and written beside the files, and never over anything. CHECK marks what
    needs your eye, and --ask asks about it; a file that nothing reads is named, with the reason.

    For example:

        tieout init books

        tieout init books --output audit/sources.yaml

        tieout init s3://finance/2025

        tieout init 'postgresql://${BOOKS_USER}:${BOOKS_PASSWORD}@erp.example/books'
    """
    from desk.cli.screen import err, plain_utf8
    from desk.cli.startup import begin
    from desk.views.safe_text import json_text, visible
    from tools.core import remote_place
    from tools.ledger import remote_files
    from tools.ledger.guess import propose

    settings = begin()
    is_url = "://" in folder
    path = output or (Path() if is_url else Path(folder)) / propose.FILE_NAME
    if folder.partition("://")[0] in remote_place.EXTRAS:
        proposal = propose.propose(remote_files.folder(folder), settings, to=path, at=folder)
    elif is_url:
        from tools.ledger.warehouse import proposal as of_tables

        proposal = of_tables.of_database(folder, settings, path.parent)
    else:
        proposal = propose.propose(Path(folder), settings, to=path)
    if ask:
        proposal = _confirmed(proposal)
    if not dry:
        propose.write(proposal, path)
    plain_utf8()
    if as_json:
        value: dict[str, object] = {"path": None if dry else str(path), **asdict(proposal)}
        value["checks"] = proposal.checks
        print(json_text(value, indent=1))
        return
    for line in proposal.text.splitlines():
        print(visible(line))
    for name, why in sorted(proposal.not_read.items()):
        err().print(f"NOT READ: {visible(name)}: {visible(why)}", style="bad", soft_wrap=True)
    if not dry:
        if proposal.checks:
            err().print(f"To look at, marked CHECK: {len(proposal.checks)}", style="warning")
        err().print(f"Written to {path}. Look at it, then: tieout audit {path}", style="good", soft_wrap=True)


def _confirmed(proposal: SourcesProposal) -> SourcesProposal:
    """Ask about each guess that is not sure; what nobody answers stays marked."""
    from dataclasses import replace

    from desk.cli.screen import err
    from desk.views.safe_text import visible
    from tools.core.errors import SourcesError
    from tools.ledger.guess.questions import answered, questions

    text = proposal.text
    for question in questions(text):
        err().print(f"\n{visible(question.about)}: {visible(question.why)}", soft_wrap=True)
        while True:
            try:
                answer = typer.prompt("Enter keeps it, or write another", default=question.value, err=True)
            except typer.Abort:
                return replace(proposal, text=text)
            try:
                text = answered(text, question, "" if answer == question.value else answer)
                break
            except SourcesError as error:
                err().print(
                    f"That does not fit: {visible(error.message)} {visible(error.remedy)}", style="warning"
                )
    return replace(proposal, text=text)
