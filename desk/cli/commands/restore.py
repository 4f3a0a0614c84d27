"""`tieout restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def restore(
    folder: Annotated[Path, typer.Argument(help="The backup: the folder that 'tieout backup' printed.")],
) -> None:
    """Put a backup into the places that the settings name, and verify the trail.

    Nothing is overwritten: where there is a store or a run already, it is refused. Users and rules files are
    put back where there are none.

    For example:

        tieout restore /var/backups/tieout/tieout-20261201T021500.000000Z
    """
    from desk.cli.commands.verify import verify
    from desk.cli.screen import err
    from desk.cli.startup import begin
    from tools.operations import backup as backups

    archive = backups.restore(begin(), folder)
    err().print(f"{len(archive.files)} files of {archive.taken_at} are back.", style="good", soft_wrap=True)
    for place in archive.elsewhere:
        err().print(f"Not in the backup: {place}.", style="warning", soft_wrap=True)
    verify(None)
