"""`tieout audit-all`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.options import Rules, TokenFile


def audit_all(
    books: Annotated[
        list[Path], typer.Argument(help="Sources files, or folders: each sources.yaml below them.")
    ],
    *,
    as_of: Annotated[
        list[datetime] | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Last day of a period; several times for several periods, audited in their order.",
            show_default="today",
        ),
    ] = None,
    rules: Rules = None,
    token_file: TokenFile = None,
) -> None:
    """Put down an audit for each company and each period; 'tieout work' does them, on any number of machines.

    All runs are one desk's: its flags, requests and pages. The same command again puts nothing down twice.
    Books that cannot be audited are named, the others are put down all the same (exit code 1).

    For example:

        tieout audit-all companies/ --as-of 2025-11-30 --as-of 2025-12-31 && tieout work --once
    """
    from desk.cli.screen import err
    from desk.cli.startup import begin, token_of
    from tools.audit import company_audits
    from tools.runs.starting import starter_of
    from tools.store import open_store

    settings = begin()
    starter = starter_of(token_of(settings, token_file), settings)
    days = [moment.date() for moment in as_of or []]
    ordered = company_audits.put_down(
        open_store(settings.database_url), settings, books, days, rules=rules, starter=starter
    )
    for refusal in ordered.refusals:
        err().print(f"tieout: {refusal}", soft_wrap=True, markup=False, highlight=False)
    err().print(
        f"{ordered.new:,} put down of {ordered.companies:,} companies, {ordered.earlier:,} were before. "
        "'tieout work' does them, 'tieout tasks' lists them.",
        soft_wrap=True,
    )
    raise typer.Exit(1 if ordered.refusals else 0)
