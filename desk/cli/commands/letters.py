"""`tieout letters`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli.columns import LETTERS
from desk.cli.options import AsCsv, AsJson, Limit
from desk.cli.rows import form_of, write


def letters(
    *,
    due: Annotated[bool, typer.Option("--due", help="Approved, and not sent yet.")] = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Those that wait for a person, with their text.")
    ] = False,
    pdf: Annotated[
        Path | None, typer.Option("--pdf", help="Write the listed ones here, each as PDF.", metavar="FOLDER")
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List letters, the newest first: drafted, approved, sent, or cancelled and why.

    For example:

        tieout letters --due

        tieout letters --draft

        tieout letters --due --pdf letters/
    """
    form = form_of(as_json, as_csv)
    from desk.cli.rows import Form
    from desk.cli.screen import out
    from desk.cli.startup import begin
    from desk.views.safe_text import visible
    from tools.recovery.letters import drafting
    from tools.store import open_store

    status = "queued" if due else "draft" if draft else ""
    rows = drafting.rows(open_store(begin().database_url), status, 100_000)
    write(LETTERS, rows, form, limit)
    if pdf is not None:
        _write(pdf, rows[: limit or len(rows)])
    if draft and form is Form.TABLE:
        for row in rows[: limit or len(rows)]:
            out().print(
                f"\n{row['letter_id']}  To: {visible(row['recipient'])}", style="head", soft_wrap=True
            )
            out().print(f"Subject: {visible(row['subject'])}\n", soft_wrap=True)
            for line in str(row["body"]).splitlines():
                out().print(visible(line), soft_wrap=True, markup=False)


def _write(folder: Path, rows: list[dict[str, object]]) -> None:
    """Write letters as PDF files, each under its name."""
    from desk.cli.screen import err
    from tools.recovery.letters import pdf

    folder.mkdir(parents=True, exist_ok=True)
    for row in rows:
        (folder / f"{row['letter_id']}.pdf").write_bytes(pdf.of_letter(row))
    err().print(f"{len(rows)} letters as PDF in {folder}", soft_wrap=True)
