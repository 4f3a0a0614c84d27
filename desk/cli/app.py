"""The commands, in the order in which a cycle uses them."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from desk.cli.commands.abandon import abandon
from desk.cli.commands.activity import activity
from desk.cli.commands.approvals import approvals
from desk.cli.commands.approve import approve
from desk.cli.commands.ask import ask, do
from desk.cli.commands.audit import audit
from desk.cli.commands.backup import backup
from desk.cli.commands.breaks import breaks
from desk.cli.commands.cases import cases
from desk.cli.commands.checkpoints import checkpoints
from desk.cli.commands.claim import claim
from desk.cli.commands.claims import claims
from desk.cli.commands.contacts import contacts
from desk.cli.commands.explain import explain
from desk.cli.commands.feedback import feedback
from desk.cli.commands.figures import figures
from desk.cli.commands.findings import findings
from desk.cli.commands.flags import flags
from desk.cli.commands.followup import followup
from desk.cli.commands.health import health
from desk.cli.commands.incident import incident
from desk.cli.commands.init import init
from desk.cli.commands.investigate import investigate
from desk.cli.commands.letters import letters
from desk.cli.commands.lineage import lineage
from desk.cli.commands.matches import matches
from desk.cli.commands.metrics import metrics
from desk.cli.commands.modify import modify
from desk.cli.commands.notify import notify
from desk.cli.commands.pipeline import pipeline
from desk.cli.commands.programme import programme
from desk.cli.commands.recover import recover
from desk.cli.commands.recoveries import recoveries
from desk.cli.commands.reject import reject
from desk.cli.commands.replies import replies
from desk.cli.commands.report import report
from desk.cli.commands.restore import restore
from desk.cli.commands.resume import resume
from desk.cli.commands.review import review
from desk.cli.commands.rules import rules
from desk.cli.commands.runs import runs
from desk.cli.commands.send import send
from desk.cli.commands.serve import serve
from desk.cli.commands.settings import settings
from desk.cli.commands.show import show
from desk.cli.commands.skip import skip
from desk.cli.commands.status import status
from desk.cli.commands.suppress import suppress
from desk.cli.commands.tasks import tasks
from desk.cli.commands.tick import tick
from desk.cli.commands.trail import trail
from desk.cli.commands.users import users
from desk.cli.commands.verify import verify
from desk.cli.commands.work import work
from desk.cli.commands.workers import workers
from desk.cli.exit_codes import ExitCode
from desk.cli.failures import reader_left

WORK, READ, PROVE, DESK = "Audit and decide", "Read what was found", "Prove it", "Run the desk"
LEARN = "Learn from reviews"
WHY = "Ask why"
PROGRAMMES = "Carry a programme of tasks"
RECOVER = "Get money back"
ASK = "Ask in plain words"
PANELS = (
    (WORK, (init, audit, show, approvals, approve, reject, modify, skip, resume, abandon, review)),
    (ASK, (ask, do, figures, checkpoints, recoveries)),
    (READ, (runs, cases, flags, explain, findings, matches, breaks)),
    (WHY, (investigate, incident)),
    (
        RECOVER,
        (recover, claims, claim, contacts, letters, send, replies, followup, suppress, pipeline, activity),
    ),
    (PROVE, (lineage, trail, verify)),
    (PROGRAMMES, (programme, workers)),
    (LEARN, (feedback, rules, report)),
    (DESK, (health, status, metrics, notify, settings, users, serve, tick, tasks, work, backup, restore)),
)


class _Commands(TyperGroup):
    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own signature
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # typer would make it a failure
            raise typer.Exit(reader_left()) from None


app = typer.Typer(
    cls=_Commands,
    name="tieout",
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    add_completion=False,
)


def _version(wants_version: bool) -> None:
    if wants_version:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"tieout {version('tieout')}")
        except PackageNotFoundError:  # run from a checkout
            typer.echo("tieout (not installed)")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def tieout(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,  # noqa: ARG001 - main reads it
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Audit the books: read what was posted, test it, ask a person, record what was decided.

    Exit codes: 0 done, 3 waits for a person, 4 over budget, 1 failed, 2 wrong use.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(ExitCode.WRONG_USE)


for _panel, _commands in PANELS:
    for _command in _commands:
        app.command(rich_help_panel=_panel, no_args_is_help=False)(_command)
