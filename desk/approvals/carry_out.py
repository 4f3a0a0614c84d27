"""Say a person's word on a run and go on with it: what `tieout approve` and `desk.api` share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from desk.approvals import decide
from desk.approvals.decide import Chosen, Decided, Word
from graph.runtime import session
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.identity.people import Person
from tools.runs import run_files
from tools.store import open_store, runs
from tools.store.models import Run


@dataclass(frozen=True)
class Said:
    """What a person is about to say, and on which run."""

    run: Run
    person: Person
    token: str | None = field(repr=False)
    decided: Decided


def prepare(
    settings: Settings,
    run: str,
    word: Word,
    chosen: Chosen,
    token: str | None,
    *,
    severity_to: str | None = None,
    rules: Mapping[str, Any] | None = None,
    note: str = "",
) -> Said:
    """Work out what a word means on what a run asks now.

    Raises IdentityError, RunError or UsageError with the reason why it can't be said.
    """
    store = open_store(settings.database_url)
    found = runs.find(store, run)
    asked = decide.asked_of(store, found)
    run_files.require(store, settings, found.run_id)
    person = decide.signed_in(token, settings)
    decided = decide.decide(
        asked, person, found.started_by, word, chosen, severity_to=severity_to, rules=rules, note=note
    )
    return Said(found, person, token, decided)


def carry_out(said: Said, *, watch: Callable[[str, Any], None] | None = None) -> session.Standing:
    """Give the word to the run, after whoever is answering it now. Raises RunError when it was not taken."""
    standing = session.answer(said.run.thread_id, said.decided.answers, token=said.token, watch=watch)
    notice = standing.values.get("notice") or ""
    if notice and not standing.values.get("given"):
        raise RunError(f"the answer was not taken: {notice}")
    return standing
