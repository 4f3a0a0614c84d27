"""Options that mean the same in every command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON; the columns are documented and stable.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV; the columns are documented and stable.")]
Limit = Annotated[
    int | None,
    typer.Option(
        "--limit", min=0, help="At most so many rows; 0 is all.", show_default="a screenful, or all"
    ),
]
ReadRun = Annotated[
    str, typer.Argument(metavar="[RUN]", help="The run, or the start of its name; the newest when left out.")
]
ActRun = Annotated[str, typer.Argument(metavar="RUN", help="The run, or the start of its name.")]
TokenFile = Annotated[
    Path | None,
    typer.Option("--token-file", help="File that holds your token, instead of TIEOUT_TOKEN.", metavar="FILE"),
]
Rules = Annotated[
    Path | None,
    typer.Option("--rules", help="Rules file, instead of TIEOUT_RULES.", metavar="FILE"),
]
Pair = Annotated[str | None, typer.Option("--pair", help="Of one pair of sources alone.", metavar="PAIR")]
