"""`tieout report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import AsJson


def report(
    week: Annotated[
        str | None,
        typer.Option(help="A week (2025-W14), or a day of it.", show_default="the last seven days"),
    ] = None,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File to write.",
            show_default="standard output; on a terminal the page goes to tieout-week-DAY.html",
            dir_okay=False,
        ),
    ] = None,
    recovery: Annotated[bool, typer.Option("--recovery", help="Recovery's part alone, as JSON.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the weekly report: an HTML page that needs nothing else, or JSON.

    Runs, transactions, flags, decisions, false positives by test and vendor (of reviewed flags), money at
    risk and confirmed, what was learned, what models cost, and how long people took.

    For example:

        tieout report --out week.html

        tieout report --week 2025-W14 --json

        tieout report --recovery
    """
    import sys

    from desk.cli.screen import err, plain_utf8
    from desk.cli.startup import begin
    from desk.papers import bounds, render, weekly
    from desk.papers.recovery_week import recovery_week
    from desk.views.safe_text import json_text
    from tools.checks.rules_file import load_rules
    from tools.core.errors import SettingsError, UsageError
    from tools.store import open_store

    if recovery and out is not None and out.suffix.lower() in (".html", ".htm"):
        raise UsageError(
            "--recovery writes JSON, and that is the name of a page.",
            place=str(out),
            remedy="Name a .json file; the page, with recovery in it, is: tieout report --out FILE.html",
        )
    settings = begin()
    since, until = bounds(week)
    store, rules = open_store(settings.database_url), load_rules(settings.rules)
    as_json = as_json or recovery
    figures = (
        recovery_week(store, since, until, rules.recovery) if recovery else weekly(store, since, until, rules)
    )
    text = json_text(figures, indent=1) + "\n" if as_json else render(figures)
    if out is None and not as_json and sys.stdout.isatty():
        out = Path(f"tieout-week-{since:%Y-%m-%d}.html")
    if out is None:
        plain_utf8()
        print(text, end="")
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"cannot be written: {error.strerror}.", place=str(out)) from None
    err().print(f"Written: {out}", style="good", soft_wrap=True)
