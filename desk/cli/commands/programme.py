"""`tieout programme`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from desk.cli.decide import Note
from desk.cli.options import AsCsv, AsJson, TokenFile
from desk.cli.rows import Form, form_of

if TYPE_CHECKING:
    from tools.core.settings import Settings
    from tools.store import Store

Action = Literal["check", "plan", "run", "status", "progress", "why", "sign", "refuse", "report", "verify"]


def programme(
    action: Annotated[
        Action,
        typer.Argument(
            help="check, plan: a file. run: start it and work. status, progress, why TASK: look. "
            "sign TASK, refuse TASK: a paper. report FILE: write the signed file. verify FILE: check one."
        ),
    ] = "status",
    subject: Annotated[
        str | None, typer.Argument(metavar="[FILE or TASK]", help="What it is about.", show_default=False)
    ] = None,
    *,
    run: Annotated[
        str, typer.Option("--run", help="Which programme.", show_default="the newest", metavar="RUN")
    ] = "",
    workers: Annotated[
        int | None,
        typer.Option(
            help="run: so many tasks at a time here; 0 leaves it to 'tieout work'.",
            show_default="as the file's pool says",
            min=0,
            max=64,
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(help="plan: for the solver; 0 plans by the list rule.", min=0)
    ] = 5.0,
    draw: Annotated[
        bool, typer.Option("--draw", help="plan: print what waits for what, as Mermaid.")
    ] = False,
    conclusion: Annotated[str, typer.Option(help="sign: what the work showed.", metavar="TEXT")] = "",
    evidence: Annotated[
        list[Path] | None, typer.Option(help="sign: a file to keep with the paper.", metavar="FILE")
    ] = None,
    key: Annotated[str, typer.Option(help="verify: the desk's public key, in hex.", metavar="HEX")] = "",
    note: Note = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Carry a programme of tasks to a signed file: plan it, run it, see what waits for what, sign, file.

    What a programme asks is answered as any run's: `tieout approve RUN`, with `--case TASK` for one task.
    Ends with exit code 3 while it waits for people, 1 when it did not reach its end.

    For example:

        tieout programme plan samples/programmes/year-end.yaml

        tieout programme run samples/programmes/testing.yaml

        tieout programme why B1

        tieout programme sign T1 --conclusion "Cash is there." --evidence letter.pdf

        tieout programme report file.zip
    """
    form = form_of(as_json, as_csv)
    from desk.cli import programme_actions as actions
    from desk.cli.startup import begin, token_of
    from tools.core.errors import UsageError
    from tools.store import open_store

    if action not in {"status", "progress"} and subject is None:
        raise UsageError(f"'{action}' needs what it is about.", remedy="tieout programme --help")
    named = subject or ""
    if action == "verify":
        raise typer.Exit(actions.verify(Path(named), key))
    if action in {"check", "plan"}:
        raise typer.Exit(actions.plan(Path(named), seconds if action == "plan" else 0, form, draw=draw))
    settings = begin()
    store, token = open_store(settings.database_url), token_of(settings, token_file)
    if action == "run":
        raise typer.Exit(actions.run(settings, store, Path(named), token, workers))
    if action in {"sign", "refuse"}:
        words = actions.Words(conclusion, note, tuple(evidence or ()))
        raise typer.Exit(
            actions.sign(settings, store, run, named, token=token, words=words, refuse=action == "refuse")
        )
    raise typer.Exit(_look(settings, store, action, run=run, named=named, form=form))


def _look(settings: Settings, store: Store, action: Action, *, run: str, named: str, form: Form) -> int:
    from desk.cli import programme_actions as actions
    from tools.programme import records

    run_id = records.find(store, run)
    if action == "report":
        return actions.report(settings, store, run_id, Path(named))
    standing = records.load(store, run_id)
    if action == "why":
        return actions.why(standing, named)
    if action == "progress":
        return actions.progress(standing, form)
    return actions.status(standing, form)
