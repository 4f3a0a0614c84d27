"""`tieout backup`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def backup(
    folder: Annotated[Path, typer.Argument(help="Where backups are kept; a new folder is made in it.")],
) -> None:
    """Back the desk up while it works: store, checkpoints, runs, the trail's key, users and rules.

    A backup holds the books and the key that signs the trail: keep it as you keep those. Its path is printed
    on standard output.

    For example:

        tieout backup /var/backups/tieout
    """
    from desk.cli.screen import err
    from desk.cli.startup import begin
    from tools.operations import backup as backups

    archive = backups.backup(begin(), folder)
    for place in archive.elsewhere:
        err().print(f"Not in it, to be backed up where it lies: {place}.", style="warning", soft_wrap=True)
    err().print(f"{len(archive.files)} files; 'tieout restore' puts them back.", style="good", soft_wrap=True)
    print(archive.folder)
