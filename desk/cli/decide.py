"""What approve, reject, skip and modify share: sign in, choose, answer, go on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from desk.approvals.decide import Decided, Word
    from desk.cli.exit_codes import ExitCode

Case = Annotated[str | None, typer.Option("--case", help="One case, as listed by the run.", metavar="CASE")]
Flag = Annotated[str | None, typer.Option("--flag", help="One flag, of a case or by itself.", metavar="FLAG")]
Severity = Annotated[
    Literal["CRITICAL", "WARNING", "INFO"] | None,
    typer.Option("--severity", case_sensitive=False, help="Cases whose gravest flag is this grave."),
]
Note = Annotated[str, typer.Option("--note", help="Why; kept with the decision.", metavar="TEXT")]


def answer(
    run: str,
    word: Word,
    *,
    case: str | None = None,
    flag: str | None = None,
    severity: str | None = None,
    note: str = "",
    severity_to: str | None = None,
    rules: Mapping[str, Any] | None = None,
    token_file: Path | None = None,
    as_json: bool = False,
) -> ExitCode:
    """Give a signed-in person's word to a run that waits, and go on with it. Gives the exit code."""
    from functools import partial

    from desk.approvals import carry_out as saying
    from desk.approvals.decide import Chosen
    from desk.cli.running import carry_out
    from desk.cli.startup import begin, token_of
    from tools.core.errors import UsageError

    if sum(value is not None for value in (case, flag, severity)) > 1:
        raise UsageError("--case, --flag and --severity exclude each other.")
    settings = begin()
    prepared = saying.prepare(
        settings,
        run,
        word,
        Chosen(case, flag, severity, rules=bool(rules)),
        token_of(settings, token_file),
        severity_to=severity_to,
        rules=rules,
        note=note,
    )
    _announce(prepared.person.name, word, prepared.decided)
    return carry_out(settings, prepared.run.thread_id, partial(saying.carry_out, prepared), as_json=as_json)


def _announce(name: str, word: Word, decided: Decided) -> None:
    from desk.cli.screen import err
    from desk.views.safe_text import one_line

    for subject in decided.subjects:
        what = subject.get("title") or f"the {subject['subject']}"
        err().print(one_line(f"{name} says {word}: {what}"), soft_wrap=True)
    for reason in decided.left:
        err().print(one_line(f"Left to others: {reason}"), style="warning", soft_wrap=True)
