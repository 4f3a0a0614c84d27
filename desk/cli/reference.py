"""Write docs/command-line.md from the commands themselves: `python -m desk.cli.reference`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Final, Literal, get_args, get_origin, get_type_hints

from typer.models import OptionInfo

from desk.cli.app import PANELS, command_function
from desk.cli.columns import (
    ACTIVITY,
    APPROVALS,
    BREAKS,
    CASES,
    CHANGES,
    CHECKPOINTS,
    CLAIMS,
    CONTACTS,
    EVIDENCE,
    FIGURES,
    FINDINGS,
    FLAGS,
    GATES,
    HEALTH,
    INCIDENTS,
    LETTERS,
    MATCHES,
    NOTICES,
    PROBLEMS,
    PROPOSALS,
    RECOVERIES,
    REPLIES,
    RULES,
    RUNS,
    SETTINGS,
    STEPS,
    STUCK,
    STUCK_CLAIMS,
    SUPPRESSIONS,
    TASKS,
    TEST_RESULTS,
    TESTS,
    TRAIL,
    USERS,
    VALUES,
    WORKERS,
)
from desk.cli.rows import Listing

PATH: Final = Path(__file__).parents[2] / "docs" / "command-line.md"
LISTED: Final[dict[str, Listing]] = {
    "change": CHANGES,
    "change gate": GATES,
    "change results": TEST_RESULTS,
    "activity": ACTIVITY,
    "contacts": CONTACTS,
    "claims": CLAIMS,
    "letters": LETTERS,
    "replies": REPLIES,
    "suppress": SUPPRESSIONS,
    "approvals": APPROVALS,
    "ask": VALUES,
    "breaks": BREAKS,
    "cases": CASES,
    "checkpoints": CHECKPOINTS,
    "feedback": PROPOSALS,
    "incident": INCIDENTS,
    "incident rerun": EVIDENCE,
    "figures": FIGURES,
    "findings": FINDINGS,
    "flags": FLAGS,
    "health": HEALTH,
    "matches": MATCHES,
    "notify": NOTICES,
    "programme": STEPS,
    "recoveries": RECOVERIES,
    "rules": RULES,
    "runs": RUNS,
    "settings": SETTINGS,
    "show": TESTS,
    "status": STUCK,
    "stuck": STUCK_CLAIMS,
    "tasks": TASKS,
    "trail": TRAIL,
    "users": USERS,
    "verify": PROBLEMS,
    "workers": WORKERS,
}
_BEFORE: Final = """\
# The command line

<!-- Written by `make docs` from the commands; do not edit. -->

| exit code | means |
|---|---|
| 0 | done |
| 3 | waits for a person: the output says what is asked, why, and the commands that answer |
| 1 | failed, or paused: one line on standard error says why and what to do |
| 2 | wrong use |
| 130 | stopped from the keyboard or by SIGTERM; `tieout resume` goes on |

Results go to standard output, everything said about them to standard error. `--json` gives one JSON array of
objects (or one object), `--csv` a header and rows, both in UTF-8, with the columns below: their names and
meaning stay. Money is decimal text beside its `currency`; days and times are ISO 8601, times in UTC.

Text of the books is hostile. JSON holds it exactly. In CSV, text that a spreadsheet would run as a formula
(it begins with `=`, `+`, `-` or `@`) gets an apostrophe in front, line breaks become blanks, and control
characters are written out, as they are in tables. A table shows a screenful, JSON and CSV everything, unless
`--limit` says otherwise.

Who you are when you decide comes from `TIEOUT_TOKEN` or `--token-file` against the users file. Without a
token you may start and read. Options that stand before the command: `--debug` shows the traceback of an
error, `--version` prints the version.

A run may be named by the start of its name, or `last`; a flag and a case by the start of theirs.
"""


def reference() -> str:
    """Give the text of docs/command-line.md."""
    parts = [_BEFORE]
    for panel, commands in PANELS:
        parts.append(f"## {panel}\n")
        parts += [_section(name, command_function(name)) for name in commands]
    return "\n".join(parts)


def _section(name: str, command: Callable[..., None]) -> str:
    description, _, examples = inspect.cleandoc(command.__doc__ or "").partition("For example:")
    lines = [f"### tieout {name}\n", f"{description.strip()}\n", "```sh", *_examples(examples), "```\n"]
    lines += ["| | |", "|---|---|", *_parameters(command), ""]
    for key, listing in LISTED.items():
        if key.partition(" ")[0] != name:
            continue
        lines += [f"Columns of its rows{_with(key)}:\n", "| column | |", "|---|---|"]
        lines += [f"| `{column.name}` | {column.about} |" for column in listing.columns]
        lines.append("")
    return "\n".join(lines)


def _with(name: str) -> str:
    _, _, action = name.partition(" ")
    return " with `--tests`" if name == "show" else f" of `{action}`" if action else ""


def _examples(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _parameters(command: Callable[..., None]) -> Iterator[str]:
    for name, hint in get_type_hints(command, include_extras=True).items():
        if get_origin(hint) is not Annotated:
            continue
        kind, info = get_args(hint)[:2]
        named = info.default if info.default is not ... else f"--{name.replace('_', '-')}"
        shown = named if isinstance(info, OptionInfo) else info.metavar or name.upper()
        choices = ", ".join(_choices(kind))
        yield f"| `{shown}` | {info.help}{f' One of {choices}.' if choices else ''} |"


def _choices(kind: object) -> Iterator[str]:
    for part in (kind, *get_args(kind)):
        if get_origin(part) is Literal:
            yield from map(str, get_args(part))


if __name__ == "__main__":
    PATH.write_text(reference(), encoding="utf-8")
