"""`tieout explain`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.options import AsJson


def explain(
    flag: Annotated[str, typer.Argument(help="The flag, or the start of its name.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Explain a flag: what was seen and against what, how its severity came about, what was decided.

    For example:

        tieout explain fq3xk2

        tieout explain fq3xk2 --json
    """
    from desk.cli.screen import plain_utf8
    from desk.cli.startup import begin
    from desk.views.flag_explained import explanation
    from desk.views.safe_text import json_text
    from tools.store import open_store

    details = explanation(open_store(begin().database_url), flag)
    if as_json:
        plain_utf8()
        print(json_text(details, indent=1))  # noqa: T201 - this is the command's result
        return
    from desk.cli.flag_page import flag_letter

    flag_letter(details)
