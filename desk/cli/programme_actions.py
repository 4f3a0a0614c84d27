"""What `tieout programme` does, action by action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from desk import programmes
from desk.cli.columns import STEPS
from desk.cli.exit_codes import ExitCode
from desk.cli.rows import Form, write
from desk.cli.screen import err, out, plain_utf8
from desk.views.safe_text import json_text, one_line
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.identity import people
from tools.programme import progress as how_far
from tools.programme import records, signing
from tools.programme.records import ProgrammeStanding
from tools.programme.working_papers import package
from tools.store import Store


class Words(NamedTuple):
    """What a person says with a signature."""

    conclusion: str
    note: str
    evidence: tuple[Path, ...]


SHARED: Final = 3  # tasks that wait for the same, whose reason stands below the table


def status(standing: ProgrammeStanding, form: Form) -> ExitCode:
    """Show the tasks; what many of them wait for stands once, below the table."""
    rows = list(programmes.rows(standing))
    shared = _shared(rows) if form is Form.TABLE else {}
    write(STEPS, [{**row, "why": "" if row["why"] in shared else row["why"]} for row in rows], form, limit=0)
    for why_not, names in shared.items():
        out().print(one_line(f"{', '.join(names)}: {why_not}"), soft_wrap=True)
    return exit_code(standing)


def _shared(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    by_reason = _by_reason({str(row["task"]): str(row["why"]) for row in rows if row["why"]})
    return {why_not: names for why_not, names in by_reason.items() if len(names) > SHARED}


def plan(path: Path, seconds: float, form: Form, *, draw: bool) -> ExitCode:
    """Show the plan of a file; say what would help where it misses its deadline."""
    programme, planned, advice = programmes.checked(path, seconds=seconds)
    if draw:
        out().print(programmes.mermaid(programme), soft_wrap=True)
        return ExitCode.DONE
    write(STEPS, programmes.planned_rows(programme, planned), form, limit=0)
    schedule = planned.schedule
    finish, p80 = (str(schedule[name])[:16].replace("T", " ") for name in ("finish", "p80"))
    message = (
        f"{len(programme.steps)} tasks, planned by {schedule['by']}: ends {finish}, with 80% by {p80} UTC."
    )
    err().print(one_line(message), soft_wrap=True)
    err().print(one_line(f"Critical: {' → '.join(schedule['critical_path'])}"), soft_wrap=True)
    for line in advice:
        err().print(one_line(line), style="warning", soft_wrap=True)
    return ExitCode.FAILED if planned.late else ExitCode.DONE


def run(settings: Settings, store: Store, path: Path, token: str | None, workers: int | None) -> ExitCode:
    """Start a file, and work until it has ended or waits for people."""
    from desk.cli.running import notify

    state = programmes.start(path, token)
    err().print(f"Programme {state.run_id}", soft_wrap=True)
    if workers != 0 and state.asked is None:
        programmes.work_until_it_waits(
            settings, store, state.run_id, workers, lambda line: err().print(line, soft_wrap=True)
        )
    notify(settings)
    standing = records.load(store, state.run_id)
    status(standing, Form.TABLE)
    if standing.run.status == "waiting":
        err().print(f"It waits for people: tieout approve {state.run_id}", style="warning", soft_wrap=True)
    return exit_code(standing)


def exit_code(standing: ProgrammeStanding) -> ExitCode:
    """Give 0 for a programme that reached its end or works, 3 for one that waits for people, 1 else."""
    status = how_far.status(standing)
    if status == "failed":
        return ExitCode.FAILED
    people_only = any(step.status in {"with_person", "escalated"} for step in standing.steps.values())
    return ExitCode.WAITS if status == "waiting" or (status == "running" and people_only) else ExitCode.DONE


def progress(standing: ProgrammeStanding, form: Form) -> ExitCode:
    """Say how far a programme is."""
    if form is Form.JSON:
        plain_utf8()
        print(json_text(how_far.progress(standing), indent=1))
        return ExitCode.DONE
    out().print(one_line(programmes.one_line(standing)), soft_wrap=True)
    now = how_far.progress(standing)
    for phase, share in now["phases"].items():
        out().print(one_line(f"{phase}: {share:g}%"), soft_wrap=True)
    for line in how_far.ending(now):
        out().print(one_line(line), soft_wrap=True)
    for why_not, names in _by_reason(now["blocked"]).items():
        out().print(one_line(f"{', '.join(names)}: {why_not}"), soft_wrap=True)
    return ExitCode.DONE


def _by_reason(blocked: Mapping[str, str]) -> dict[str, list[str]]:
    """Bring tasks together that wait for the same."""
    by_reason: dict[str, list[str]] = {}
    for name, why_not in blocked.items():
        by_reason.setdefault(why_not, []).append(name)
    return by_reason


def why(standing: ProgrammeStanding, name: str) -> ExitCode:
    """Say why a task stands where it does, and what waits for it."""
    if name not in standing.steps:
        raise RunError(f"there is no task '{name}'.", remedy="'tieout programme status' lists them.")
    out().print(one_line(how_far.why(standing, name)), soft_wrap=True)
    if keepers := how_far.gate_keepers(standing, name):
        err().print(one_line(f"The gate waits for {keepers}"), soft_wrap=True)
    if after := standing.programme.downstream(name):
        err().print(one_line(f"What waits for it: {', '.join(after)}"), soft_wrap=True)
    return ExitCode.DONE


def sign(
    settings: Settings, store: Store, run: str, name: str, *, token: str | None, words: Words, refuse: bool
) -> ExitCode:
    """Sign a paper, or send it back; then let the programme go on with what that allows."""
    person = people.sign_in(token, settings)
    run_id = records.find(store, run)
    if refuse:
        signing.refuse(store, run_id, name, person, words.note)
        err().print(one_line(f"{name} went back to its preparer."), soft_wrap=True)
        return _go_on(store, run_id)
    evidence = programmes.evidence_of(settings, run_id, name, list(words.evidence))
    status = signing.sign(
        store, run_id, name, person, conclusion=words.conclusion, note=words.note, evidence=evidence
    )
    done = "is done" if status == "done" else "waits for its reviewer"
    err().print(one_line(f"{person.user} has signed; {name} {done}."), soft_wrap=True)
    return _go_on(store, run_id)


def _go_on(store: Store, run_id: str) -> ExitCode:
    from graph.runtime import session

    session.wake(records.load(store, run_id).run.thread_id)
    return ExitCode.DONE


def report(settings: Settings, store: Store, run_id: str, path: Path) -> ExitCode:
    """Write a programme's file, signed by the desk."""
    from desk.papers.engagement import engagement

    written = package.write(store, settings, engagement(settings, store, run_id), path)
    err().print(
        one_line(f"{path}: {written.files} files, signed by the desk's key {written.public_key}"),
        soft_wrap=True,
    )
    return ExitCode.DONE


def verify(path: Path, key: str) -> ExitCode:
    """Check a programme's file, on any machine: every change of it is named."""
    problems, public_key = package.verify(path, key)
    for problem in problems:
        out().print(one_line(problem), soft_wrap=True)
    if problems:
        return ExitCode.FAILED
    trusted = "" if key else f" Compare the key that signed it with the desk's: {public_key}"
    err().print(one_line(f"{path} is as the desk signed it.{trusted}"), soft_wrap=True)
    return ExitCode.DONE
