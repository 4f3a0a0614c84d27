"""`tieout change`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from desk.cli.columns.changes import CHANGES, GATES, TEST_RESULTS
from desk.cli.decide import Note
from desk.cli.options import AsCsv, AsJson, TokenFile
from desk.cli.rows import Form, form_of, write

if TYPE_CHECKING:
    from tools.store import Store

Action = Literal["list", "draft", "test", "gate", "results", "activate", "reject", "rollback"]


def change(
    action: Annotated[
        Action,
        typer.Argument(
            help="draft: write a change down; test: take it through its gates; gate, results: what they saw;"
            " activate, reject: decide; rollback: take it back."
        ),
    ] = "list",
    name: Annotated[str | None, typer.Argument(metavar="[CHANGE]", help="The change, or its start.")] = None,
    *,
    setting: Annotated[
        str, typer.Option("--set", help="draft: one key of the rules.", metavar="KEY=VALUE")
    ] = "",
    suppress: Annotated[
        str, typer.Option(help="draft: WARNINGs of --vendor by this test become INFO.", metavar="TEST")
    ] = "",
    threshold: Annotated[
        str, typer.Option(help="draft: other parameters (--param) for small rows.", metavar="TEST")
    ] = "",
    sql: Annotated[
        Path | None, typer.Option(help="draft: a test of the books of your own.", metavar="FILE")
    ] = None,
    cases: Annotated[
        Path | None, typer.Option(help="The cases that it is held to, as YAML.", metavar="FILE")
    ] = None,
    edited: Annotated[
        Path | None, typer.Option(help="draft: a rules file that was edited by hand.", metavar="FILE")
    ] = None,
    vendor: Annotated[str, typer.Option(help="Whose warnings.", metavar="NAME")] = "",
    most: Annotated[str, typer.Option(help="Up to which amount.", metavar="AMOUNT")] = "",
    until: Annotated[str, typer.Option(help="Last day of the books.", metavar="DAY")] = "",
    param: Annotated[
        list[str] | None, typer.Option(help="A parameter of the threshold.", metavar="NAME=VALUE")
    ] = None,
    note: Note = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Change the rules as code is changed: drafted, tested, replayed over past runs, gated, approved by two.

    Tests are generated and run in a process of their own; past runs are judged by the change, in money;
    mutants show that the tests can fail. What passes every gate waits for two people (exit code 3), each of
    whom writes as --note what happens. A rollback takes one change out again.

    For example:

        tieout change draft --set tests.weekend_posting.score=30

        tieout change test c4k2

        tieout change activate c4k2 --note "activate c4k2f81a09b3"
    """
    form = form_of(as_json, as_csv)
    from desk import changes
    from desk.cli.startup import begin, token_of
    from tools.store import open_store

    settings = begin()
    token, store = token_of(settings, token_file), open_store(settings.database_url)
    if action == "list":
        write(CHANGES, changes.rows(store), form)
    elif action == "draft":
        request = changes.RequestedChange(
            setting, suppress, threshold, sql, cases, edited, vendor, most, until, tuple(param or ())
        )
        _show(store, changes.draft(request, token=token, reason=note).proposal_id, form)
    else:
        raise typer.Exit(_go_on(store, action, _required_name(name), form, token=token, note=note))


def _required_name(name: str | None) -> str:
    from tools.core.errors import UsageError

    if not name:
        raise UsageError("name the change.", remedy="'tieout change list' lists them.")
    return name


def _go_on(store: Store, action: Action, name: str, form: Form, *, token: str | None, note: str) -> int:
    from desk import changes
    from desk.cli.exit_codes import ExitCode
    from tools.store import proposals

    change_id = proposals.get(store, name).proposal_id
    if action == "gate":
        write(GATES, changes.gates(store, change_id), form)
    elif action == "results":
        write(TEST_RESULTS, changes.outcomes(store, change_id), form)
    elif action == "test":
        standing = changes.try_out(change_id, token=token)
        write(GATES, changes.gates(store, change_id), form)
        return _after(standing.asked, ExitCode.WAITS if standing.asked else ExitCode.FAILED)
    elif action == "rollback":
        changes.roll_back(store, change_id, token=token, note=note)
        _show(store, change_id, form)
    else:
        word: changes.Word = "approve" if action == "activate" else "reject"
        standing = changes.decide(store, change_id, word, token=token, note=note)
        _show(store, change_id, form)
        return ExitCode.WAITS if standing.asked else ExitCode.DONE
    return ExitCode.DONE


def _after(question: Any, code: int) -> int:  # noqa: ANN401 - LangGraph's own
    from desk.cli.screen import err
    from desk.views.safe_text import visible

    for action in (question or {}).get("action_requests", []):
        err().print(visible(action["description"]), soft_wrap=True)
    return code


def _show(store: Store, change_id: str, form: Form) -> None:
    from desk import changes
    from tools.front_desk.changes import activation

    write(CHANGES, [changes.row(*activation.with_last_round(store, change_id))], form)
