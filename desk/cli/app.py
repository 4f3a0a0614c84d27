"""The commands, in the order in which a cycle uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import cache
from importlib import import_module
from typing import Annotated, Any, Final, cast

import typer
from typer.core import TyperGroup

from desk.cli.exit_codes import ExitCode
from desk.cli.failures import reader_left

_MARKUP: Final = "markdown"
WORK, READ, PROVE, DESK = "Audit and decide", "Read what was found", "Prove it", "Run the desk"
LEARN = "Learn from reviews"
WHY = "Ask why"
PROGRAMMES = "Carry a programme of tasks"
RECOVER = "Get money back"
ASK = "Ask in plain words"
PANELS: Final = (
    (
        WORK,
        (
            "init",
            "audit",
            "audit-all",
            "show",
            "approvals",
            "approve",
            "reject",
            "modify",
            "skip",
            "resume",
            "abandon",
            "review",
        ),
    ),
    (ASK, ("ask", "do", "figures", "sql", "checkpoints", "recoveries")),
    (READ, ("runs", "cases", "flags", "explain", "findings", "matches", "breaks")),
    (WHY, ("investigate", "incident")),
    (
        RECOVER,
        (
            "recover",
            "claims",
            "claim",
            "contacts",
            "letters",
            "send",
            "replies",
            "followup",
            "suppress",
            "pipeline",
            "activity",
            "stuck",
        ),
    ),
    (PROVE, ("lineage", "trail", "verify")),
    (PROGRAMMES, ("programme", "sample", "workers")),
    (LEARN, ("feedback", "ranking", "change", "rules", "report")),
    (
        DESK,
        (
            "health",
            "status",
            "metrics",
            "notify",
            "settings",
            "users",
            "serve",
            "tick",
            "tasks",
            "retry",
            "work",
            "backup",
            "restore",
        ),
    ),
)


_MODULES: Final = {"do": "ask"}  # commands that stand in another's file


def command_function(name: str) -> Callable[..., None]:
    """Import and give the function behind a command of PANELS."""
    identifier = name.replace("-", "_")
    module = import_module(f"desk.cli.commands.{_MODULES.get(name, identifier)}")
    function: Callable[..., None] = getattr(module, identifier)
    return function


@cache
def _command(name: str, panel: str) -> object:
    single = typer.Typer(rich_markup_mode=_MARKUP, pretty_exceptions_enable=False, add_completion=False)
    single.command(name, rich_help_panel=panel, no_args_is_help=False)(command_function(name))
    return typer.main.get_command(single)


class _LateCommands(Mapping[str, Any]):
    """The commands by name; each is imported and built when it is looked up, for sixty take a second."""

    def __init__(self) -> None:
        self._panels = {name: panel for panel, names in PANELS for name in names}

    def __getitem__(self, name: str) -> object:
        return _command(name, self._panels[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._panels)

    def __len__(self) -> int:
        return len(self._panels)


class _Commands(TyperGroup):
    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - typer's own signature
        super().__init__(**attributes)
        self.commands = cast("MutableMapping[str, Any]", _LateCommands())

    def invoke(self, ctx: Any) -> object:  # noqa: ANN401 - typer's own signature
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # typer would make it a failure
            raise typer.Exit(reader_left()) from None


app = typer.Typer(
    cls=_Commands,
    name="tieout",
    rich_markup_mode=_MARKUP,
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
