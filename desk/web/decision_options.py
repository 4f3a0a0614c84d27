"""What a person may say on each subject of an open request, and why not where they may not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.approvals import decide
from desk.approvals.decide import OpenRequest, SubjectSelection, Word
from tools.approvals import eligibility, requests
from tools.core.errors import TieoutError
from tools.identity.people import Person
from tools.store import Store, case_flags
from tools.store.models import Case

SIGN_IN = "Sign in to decide."


def subjects_for(request: OpenRequest, person: Person | None) -> list[dict[str, Any]]:
    """Give the open subjects, each with `words`: word -> "" or the reason why this person may not say it."""
    return [{**subject, "words": _words(request, subject, person)} for subject in request.view["subjects"]]


def about_case(store: Store, case: Case, person: Person | None) -> list[dict[str, Any]]:
    """Give the open requests that a case waits in, with the subject that it is decided under in each.

    A case beyond the first ones is decided with others, under one subject; one that several runs found
    something for may be asked about by each. Keys: asked, subject, together (with other cases).
    """
    run_of_flag = case_flags.runs_of_flags(store, case.case_id)
    rows = []
    for run_id in dict.fromkeys([case.run_id, *run_of_flag.values()]):
        waiting = requests.open_for(store, run_id)
        if waiting is None:
            continue
        request = decide.with_votes(store, waiting, about=run_of_flag.keys())
        own = [
            subject
            for subject in subjects_for(request, person)
            if set(subject.get("flag_ids", [])) & set(run_of_flag)
        ]
        rows += [
            {"asked": request.view, "subject": subject, "together": subject["subject"] != case.case_id}
            for subject in own[:1]
        ]
    return rows


def approval_refusal(store: Store, subject: str, kind: str, person: Person | None) -> str:
    """Say why this person may not approve what a request of a kind asks about a subject, or ""."""
    if person is None:
        return SIGN_IN
    request = requests.about(store, subject, kind)
    if request is None:
        return "It is not asked any more."
    ballot = requests.ballot(store, request.request_id)
    word = eligibility.Word(subject, "approve")
    return eligibility.refusal(ballot, ballot.counts(), word, person.user, person.roles)


def _words(request: OpenRequest, subject: Mapping[str, Any], person: Person | None) -> dict[Word, str]:
    return {word: _refusal(request, subject, person, word) for word in request.view["words"]}


def _refusal(request: OpenRequest, subject: Mapping[str, Any], person: Person | None, word: Word) -> str:
    if person is None:
        return SIGN_IN
    try:
        decide.decide(request, person, word, SubjectSelection(case=str(subject["subject"])))
    except TieoutError as error:
        return error.message
    return ""
