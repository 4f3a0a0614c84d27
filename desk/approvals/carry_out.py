"""Say a person's word on a run and go on with it: what `tieout approve` and `desk.api` share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desk.approvals import decide
from desk.approvals.decide import Decided, SubjectSelection, Word
from tools.approvals import requests
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.identity.people import Person
from tools.runs import run_files
from tools.store import Store, open_store, runs
from tools.store.models import Run

if TYPE_CHECKING:
    from graph.runtime import session


@dataclass(frozen=True)
class Prepared:
    """A person's answer, worked out, and the run that it is for."""

    run: Run
    person: Person
    token: str | None = field(repr=False)
    decided: Decided


def prepare(
    settings: Settings,
    run: str,
    word: Word,
    chosen: SubjectSelection,
    token: str | None,
    *,
    severity_to: str | None = None,
    rules: Mapping[str, Any] | None = None,
    note: str = "",
) -> Prepared:
    """Work out what a word means on what a run asks now.

    Raises IdentityError, RunError or UsageError with the reason why it can't be answered so.
    """
    store = open_store(settings.database_url)
    run_row = _asking(store, run)
    request = decide.asked_of(store, run_row)
    run_files.require(store, settings, run_row.run_id)
    person = decide.signed_in(token, settings)
    decided = decide.decide(request, person, word, chosen, severity_to=severity_to, rules=rules, note=note)
    return Prepared(run_row, person, token, decided)


def _asking(store: Store, name: str) -> Run:
    """Give the run that a word is for: of "last" the last audit, else the newest run that asks anything."""
    run = runs.find_any(store, name)
    if name == "last" and requests.open_for(store, run.run_id) is None:
        asked = [runs.get(store, request.run_id) for request in requests.waiting(store)]
        return max(asked, key=lambda each: each.started_at, default=run)
    return run


def carry_out(prepared: Prepared, *, watch: Callable[[str, Any], None] | None = None) -> session.ThreadState:
    """Give the word to the run, after whoever is answering it now. Raises RunError when it was not taken."""
    from graph.runtime import session  # noqa: PLC0415 - who is refused needs no graph

    thread = session.answer(
        prepared.run.thread_id, prepared.decided.answers, token=prepared.token, watch=watch
    )
    notice = thread.values.get("notice") or ""
    if notice and not thread.values.get("answered"):
        raise RunError(f"the answer was not taken: {notice}")
    return thread
