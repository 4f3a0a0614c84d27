"""What approve, reject, skip and modify share: sign in, choose, answer, go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from desk.approvals.carry_out import Prepared
    from desk.approvals.decide import Decided, Word
    from desk.cli.exit_codes import ExitCode
    from graph.runtime.session import ThreadState

Case = Annotated[str | None, typer.Option("--case", help="One case, as listed by the run.", metavar="CASE")]
Flag = Annotated[str | None, typer.Option("--flag", help="One flag, of a case or by itself.", metavar="FLAG")]
Severity = Annotated[
    Literal["CRITICAL", "WARNING", "INFO"] | None,
    typer.Option("--severity", case_sensitive=False, help="Cases whose gravest flag is this grave."),
]
Note = Annotated[str, typer.Option("--note", help="Why; kept with the decision.", metavar="TEXT")]
Everything = Annotated[
    bool, typer.Option("--all", help="Everything that the run asks: without it, what that is is said first.")
]


def answer(
    run: str,
    word: Word,
    *,
    case: str | None = None,
    flag: str | None = None,
    severity: str | None = None,
    everything: bool = False,
    note: str = "",
    severity_to: str | None = None,
    rules: Mapping[str, Any] | None = None,
    token_file: Path | None = None,
    as_json: bool = False,
) -> ExitCode:
    """Give a signed-in person's word to a run that waits, and go on with it. Gives the exit code.

    Raises UsageError for a word on all of several subjects, or on money, that does not say `everything`.
    """
    from functools import partial

    from desk.approvals.carry_out import prepare
    from desk.approvals.decide import SubjectSelection
    from desk.cli.running import carry_out
    from desk.cli.startup import begin, token_of
    from tools.core.errors import UsageError

    if sum((case is not None, flag is not None, severity is not None, everything)) > 1:
        raise UsageError("--case, --flag, --severity and --all exclude each other.")
    settings = begin()
    chosen = SubjectSelection(case, flag, severity, rules=bool(rules) and case is None)
    prepared = prepare(
        settings,
        run,
        word,
        chosen,
        token_of(settings, token_file),
        severity_to=severity_to,
        rules=rules,
        note=note,
    )
    if chosen.everything and not everything:
        _require_all(prepared.decided, word, prepared.run.run_id)
    if (
        word == "reject"
        and not note.strip()
        and any(subject.get("flag_ids") for subject in prepared.decided.subjects)
    ):
        raise UsageError("to dismiss flags, say why; it stays with them.", remedy='Give --note "why".')
    work = partial(_give, prepared, word)
    return carry_out(settings, prepared.run.thread_id, work, as_json=as_json, rest=True)


def _give(prepared: Prepared, word: Word, *, watch: Callable[[str, Any], None] | None) -> ThreadState:
    """Say what is answered and go on with the run; say nothing where it cannot go on."""
    from desk.approvals.carry_out import carry_out
    from graph.runtime.checkpoints import require_checkpoint

    require_checkpoint(prepared.run.thread_id)
    _announce(prepared.person.name, word, prepared.decided)
    return carry_out(prepared, watch=watch)


def _require_all(decided: Decided, word: Word, run_id: str) -> None:
    """Refuse to answer everything in one word unasked: say how many, how much money and the gravest risk."""
    from desk.approvals.totals import in_words
    from tools.core.errors import UsageError

    subjects = decided.subjects
    if len(subjects) == 1 and not subjects[0].get("exposure"):
        return
    command = _command(word)
    raise UsageError(
        f"'{command}' without a name is a word on everything: {in_words(subjects)}.",
        remedy=f"Say so: tieout {command} {run_id} --all; or name some: --case CASE, --severity WARNING.",
    )


def _command(word: Word) -> str:
    """Name the command of the command line that gives a word of the wire format."""
    return {"edit": "modify"}.get(word, word)


def _announce(name: str, word: Word, decided: Decided) -> None:
    from desk.cli.screen import err
    from desk.views.safe_text import one_line

    for subject in decided.subjects:
        what = subject.get("title") or f"the {subject['subject']}"
        err().print(one_line(f"{name} says {_command(word)}: {what}"), soft_wrap=True)
    for reason in decided.left:
        err().print(one_line(f"Left to others: {reason}"), style="warning", soft_wrap=True)
