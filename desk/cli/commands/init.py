"""`tieout init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import AsJson


def init(
    folder: Annotated[
        Path, typer.Argument(help="Folder with your files: CSV, Parquet, XLSX, bank statements.")
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", help="Where to write it.", metavar="FILE", show_default="FOLDER/sources.yaml"
        ),
    ] = None,
    dry: Annotated[bool, typer.Option("--dry", help="Print it and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Propose a sources file for the tables in a folder, with the reason for each guess.

    Kinds and columns are told by names and values; signs and pairs by a first reading. It is printed and
    written beside the files, and never over anything. CHECK marks what needs your eye.

    For example:

        tieout init books

        tieout init books --output audit/sources.yaml
    """
    from desk.cli.screen import err, plain_utf8
    from desk.cli.startup import begin
    from desk.views.safe_text import json_text, visible
    from tools.ledger.guess import propose

    settings = begin()
    path = output or folder / propose.FILE_NAME
    proposal = propose.propose(folder, settings, to=path)
    if not dry:
        propose.write(proposal, path)
    plain_utf8()
    if as_json:
        written = None if dry else str(path)
        value = {"path": written, "sources": proposal.sources, "aside": proposal.aside, "text": proposal.text}
        print(json_text(value, indent=1))  # noqa: T201 - this is the command's result
        return
    for line in proposal.text.splitlines():
        print(visible(line))  # noqa: T201 - this is the command's result
    if not dry:
        err().print(f"Written to {path}. Look at it, then: tieout audit {path}", style="good", soft_wrap=True)
