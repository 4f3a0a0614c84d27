"""What a person may say on each subject of an open request, and why not where they may not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk import deciding
from desk.deciding import Chosen, Word
from desk.overview import open_request
from tools.errors import TieoutError
from tools.identity import Person
from tools.store import Store, approvals, queue
from tools.store.models import Run

SIGN_IN = "Sign in to decide."


def subjects_for(asked: Mapping[str, Any], person: Person | None, started_by: str) -> list[dict[str, Any]]:
    """Give the open subjects, each with `words`: word -> "" or the reason why this person may not say it."""
    return [{**one, "words": _words(asked, one, person, started_by)} for one in asked["subjects"]]


def about_case(
    store: Store, run: Run, case_id: str, person: Person | None
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Give the open request that a case waits in, and the subject that it is decided under.

    A case beyond the first ones is decided with others, under one subject. None: nobody asks about it.
    """
    waiting = approvals.open_for(store, run.run_id)
    if waiting is None:
        return None
    asked = open_request(store, waiting)
    found = [one for one in asked["subjects"] if one["subject"] == case_id] or [
        one for one in asked["subjects"] if _holds(store, one, case_id)
    ]
    if not found:
        return None
    (subject,) = subjects_for({**asked, "subjects": found[:1]}, person, run.started_by)
    return asked, subject


def _holds(store: Store, subject: Mapping[str, Any], case_id: str) -> bool:
    held = set(subject.get("flag_ids", []))
    return bool(held & {flag.flag_id for flag in queue.flags_of(store, case_id, limit=500)})


def _words(
    asked: Mapping[str, Any], subject: Mapping[str, Any], person: Person | None, started_by: str
) -> dict[Word, str]:
    return {
        word: _refused(asked, subject, person, started_by, word) for word in deciding.WORDS[asked["kind"]]
    }


def _refused(
    asked: Mapping[str, Any], subject: Mapping[str, Any], person: Person | None, started_by: str, word: Word
) -> str:
    if person is None:
        return SIGN_IN
    try:
        deciding.decide(asked, person, started_by, word, Chosen(case=str(subject["subject"])))
    except TieoutError as error:
        return error.message
    return ""
