"""`tieout init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import AsJson


def init(
    folder: Annotated[Path, typer.Argument(help="Folder with your CSV and Parquet files.")],
    *,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Where to write it.", metavar="FILE", show_default="FOLDER/sources.yaml"),
    ] = None,
    dry: Annotated[bool, typer.Option("--dry", help="Print it and write nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Propose a sources file for the tables in a folder, with the reason for each guess.

    Kinds and columns are told by names and values; signs and pairs by a first reading. It is printed and
    written beside the files, and never over anything. CHECK marks what needs your eye.

    For example:

        tieout init books

        tieout init books --to audit/sources.yaml
    """
    import json

    from desk.cli.opening import begin
    from desk.cli.screen import err
    from tools.ledger import propose

    settings = begin()
    path = to or folder / propose.FILE_NAME
    proposal = propose.propose(folder, settings, to=path)
    if not dry:
        propose.write(proposal, path)
    if as_json:
        written = None if dry else str(path)
        value = {"path": written, "sources": proposal.sources, "aside": proposal.aside, "text": proposal.text}
        typer.echo(json.dumps(value, ensure_ascii=False))
        return
    typer.echo(proposal.text)
    if not dry:
        err().print(f"Written to {path}. Look at it, then: tieout audit {path}", style="good", soft_wrap=True)
