"""`tieout figures`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.columns.front_desk import FIGURES
from desk.cli.options import AsCsv, AsJson
from desk.cli.rows import form_of, write


def figures(
    name: Annotated[str | None, typer.Argument(help="One figure, with its query.", metavar="[NAME]")] = None,
    *,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the governed figures that can be asked for, each with its definition; or show one's query.

    For example:

        tieout figures

        tieout figures open_payables
    """
    form = form_of(as_json, as_csv)
    from desk.cli.screen import out
    from desk.cli.startup import begin
    from desk.views.figure_rows import figure_row
    from tools.front_desk import answering
    from tools.front_desk.figures import by_name
    from tools.front_desk.figures import figures as every

    begin()
    chosen = [by_name(name)] if name else list(every().values())
    write(FIGURES, map(figure_row, chosen), form, limit=0)
    if name and not as_json and not as_csv:
        out().print(answering.statement(chosen[0], "total"), markup=False, highlight=False)
