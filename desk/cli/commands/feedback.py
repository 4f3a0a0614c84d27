"""`tieout feedback`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from desk.cli.columns import PROPOSALS
from desk.cli.decide import Note
from desk.cli.options import AsCsv, AsJson, TokenFile
from desk.cli.rows import Form, form_of, write

if TYPE_CHECKING:
    from desk.cli.exit_codes import ExitCode
    from tools.core.settings import Settings
    from tools.store import Store


def feedback(
    action: Annotated[
        Literal["run", "list", "approve", "reject"],
        typer.Argument(help="run: read reviews and propose; list: show proposals; approve, reject: decide."),
    ] = "run",
    proposal: Annotated[
        list[str] | None, typer.Argument(metavar="[PROPOSAL]...", help="To approve or reject.")
    ] = None,
    *,
    days: Annotated[
        int | None, typer.Option(min=1, help="Reviews of so many days.", show_default="as the rules say: 7")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Before this day or time.", show_default="now", metavar="DAY")
    ] = None,
    note: Note = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Learn from reviews: propose changes of the rules, replayed over past runs.

    What is approved goes through the gates of a change, and to two people, before it is live. Ends with exit
    code 3 when something waits for a person.

    For example:

        tieout feedback

        tieout feedback approve p4k2 --note "their direct debits"
    """
    form = form_of(as_json, as_csv)
    from desk import feedback as rounds
    from desk.cli.screen import err
    from desk.cli.startup import begin, token_of
    from tools.core.errors import UsageError
    from tools.store import open_store

    settings = begin()
    token, store = token_of(settings, token_file), open_store(settings.database_url)
    if action == "list":
        write(PROPOSALS, rounds.rows(store, limit=1000), form)
        return
    if action == "run":
        raise typer.Exit(_run(settings, store, days=days, until=until, token=token, form=form))
    if not proposal:
        raise UsageError("name the proposals.", remedy="'tieout feedback list' lists them.")
    decided = rounds.decide(store, proposal, action, token=token, note=note)
    write(PROPOSALS, map(rounds.row, decided), form)
    for change in (row.proposal_id for row in decided if row.status == "testing"):
        err().print(f"'tieout work' takes {change} through its gates; now: tieout change test {change}")


def _run(
    settings: Settings, store: Store, *, days: int | None, until: str | None, token: str | None, form: Form
) -> ExitCode:
    from desk import feedback as rounds
    from desk.cli.exit_codes import ExitCode
    from desk.cli.running import notify
    from desk.cli.screen import err
    from tools.store import proposals

    standing = rounds.begin(days=days, until=until, token=token)
    proposed = proposals.find(store, round_id=str(standing.values["run_id"]), limit=1000)
    read = int(standing.values["reviewed"])
    message = "1 reviewed flag was read." if read == 1 else f"{read:,} reviewed flags were read."
    err().print(message, soft_wrap=True)
    write(PROPOSALS, map(rounds.row, proposed), form)
    notify(settings)
    return ExitCode.WAITS if standing.asked else ExitCode.DONE
