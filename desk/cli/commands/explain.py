"""`tieout explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from desk.cli.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Mapping

_CASE: Final = ("C", "c")  # what the names of cases begin with; those of flags begin with "f"


def explain(
    name: Annotated[
        str, typer.Argument(help="The flag or the case, or the start of its name.", metavar="FLAG")
    ],
    *,
    as_json: AsJson = False,
) -> None:
    """Explain a flag or a whole case: what was seen and against what, how grave and why, what was decided.

    For example:

        tieout explain fq3xk2

        tieout explain C-4f1c --json
    """
    from desk.cli.screen import plain_utf8
    from desk.cli.startup import begin
    from desk.views.safe_text import json_text

    details = _details(begin().database_url, name)
    if as_json:
        plain_utf8()
        print(json_text(details, indent=1))
        return
    from desk.cli.flag_page import case_letter, flag_letter

    (case_letter if name.startswith(_CASE) else flag_letter)(details)


def _details(database_url: str, name: str) -> Mapping[str, Any]:
    from desk.views.case_explained import explained_case
    from desk.views.flag_explained import explanation
    from tools.store import open_store

    store = open_store(database_url)
    return (explained_case if name.startswith(_CASE) else explanation)(store, name)
