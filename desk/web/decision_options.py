"""What a person may say on each subject of an open request, and why not where they may not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.approvals import decide
from desk.approvals.decide import Chosen, Word
from desk.views.run_overview import open_request
from tools.core.errors import TieoutError
from tools.identity.people import Person
from tools.store import Store, approvals, queue, runs
from tools.store.models import Case

SIGN_IN = "Sign in to decide."


def subjects_for(asked: Mapping[str, Any], person: Person | None, started_by: str) -> list[dict[str, Any]]:
    """Give the open subjects, each with `words`: word -> "" or the reason why this person may not say it."""
    return [{**one, "words": _words(asked, one, person, started_by)} for one in asked["subjects"]]


def about_case(store: Store, case: Case, person: Person | None) -> list[dict[str, Any]]:
    """Give the open requests that a case waits in, with the subject that it is decided under in each.

    A case beyond the first ones is decided with others, under one subject; one that several runs found
    something for may be asked about by each. Keys: asked, subject, together (with other cases).
    """
    held = queue.runs_of_flags(store, case.case_id)
    found = []
    for run_id in dict.fromkeys([case.run_id, *held.values()]):
        waiting = approvals.open_for(store, run_id)
        asked = open_request(store, waiting, about=held.keys()) if waiting else {"subjects": []}
        mine = [one for one in asked["subjects"] if set(one.get("flag_ids", [])) & set(held)]
        if mine:
            (subject,) = subjects_for(
                {**asked, "subjects": mine[:1]}, person, runs.get(store, run_id).started_by
            )
            found.append({"asked": asked, "subject": subject, "together": subject["subject"] != case.case_id})
    return found


def _words(
    asked: Mapping[str, Any], subject: Mapping[str, Any], person: Person | None, started_by: str
) -> dict[Word, str]:
    return {word: _refused(asked, subject, person, started_by, word) for word in decide.WORDS[asked["kind"]]}


def _refused(
    asked: Mapping[str, Any], subject: Mapping[str, Any], person: Person | None, started_by: str, word: Word
) -> str:
    if person is None:
        return SIGN_IN
    try:
        decide.decide(asked, person, started_by, word, Chosen(case=str(subject["subject"])))
    except TieoutError as error:
        return error.message
    return ""
