"""What approve, reject, skip and modify share: sign in, choose, answer, go on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from desk.cli.exits import ExitCode
    from desk.deciding import Decided, Word

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
    from desk import deciding
    from desk.cli.opening import begin, token_of
    from desk.cli.running import carry_out
    from tools.errors import RunError, UsageError
    from tools.store import open_store, runs

    if sum(value is not None for value in (case, flag, severity)) > 1:
        raise UsageError("--case, --flag and --severity exclude each other.")
    settings = begin()
    token = token_of(settings, token_file)
    store = open_store(settings.database_url)
    found = runs.find(store, run)
    asked = deciding.asked_of(store, found)
    person = deciding.signed_in(token, settings)
    chosen = deciding.Chosen(case, flag, severity, rules=bool(rules))
    decided = deciding.decide(
        asked, person, found.started_by, word, chosen, severity_to=severity_to, rules=rules, note=note
    )
    _announce(person.name, word, decided)

    from graph import session

    def work(*, watch: session.Watch | None) -> session.Standing:
        standing = session.answer(found.thread_id, decided.answers, token=token, watch=watch)
        if standing.asked and standing.asked.get("notice"):
            raise RunError(f"the answer was not taken: {standing.asked['notice']}")
        return standing

    return carry_out(settings, found.thread_id, work, as_json=as_json)


def _announce(name: str, word: Word, decided: Decided) -> None:
    from desk.cli.safe import one_line
    from desk.cli.screen import err

    for subject in decided.subjects:
        what = subject.get("title") or f"the {subject['subject']}"
        err().print(one_line(f"{name} says {word}: {what}"), soft_wrap=True)
    for reason in decided.left:
        err().print(one_line(f"Left to others: {reason}"), style="warning", soft_wrap=True)
