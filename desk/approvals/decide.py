"""One person's word on what a run asks: who may say it, on which subjects, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Literal

from desk.views.open_request import open_request
from tools.approvals import eligibility, requests
from tools.approvals.votes import Ballot, VoteCount
from tools.audit.ask import RULES
from tools.core.errors import IdentityError, RunError, UsageError
from tools.core.settings import Settings
from tools.identity import people
from tools.identity.people import Person
from tools.store import Store
from tools.store.models import ApprovalRequest, Run

Word = Literal["approve", "reject", "edit", "skip", "retry"]
_VERDICTS = {"edit": "modify"}
Subject = Mapping[str, Any]


@dataclass(frozen=True)
class OpenRequest:
    """What is asked now: as people see it, and with its votes. `view`: see open_request."""

    view: Mapping[str, Any]
    ballot: Ballot
    counts: Mapping[str, VoteCount]


@dataclass(frozen=True)
class SubjectSelection:
    """Which subjects a person means: all, those of one case, flag or severity, or the rules."""

    case: str | None = None
    flag: str | None = None
    severity: str | None = None
    rules: bool = False

    @property
    def everything(self) -> bool:
        """Say whether nothing was named."""
        return self == SubjectSelection()


@dataclass(frozen=True)
class Decided:
    """What to answer, and what this person has to leave to others, each with the reason."""

    answers: list[dict[str, Any]]
    subjects: list[Subject]
    left: list[str] = field(default_factory=list)


def signed_in(token: str | None, settings: Settings) -> Person:
    """Identify whoever decides. Raises IdentityError for one who shows no token."""
    person = people.sign_in(token, settings)
    if not person.signed_in:
        raise IdentityError(
            "only a person who is signed in may decide.", remedy="Set TIEOUT_TOKEN, or give --token-file."
        )
    return person


def asked_of(store: Store, run: Run) -> OpenRequest:
    """Give what a run asks. Raises RunError, with what to do instead, for one that asks nothing."""
    request = requests.open_for(store, run.run_id)
    if run.status in ("closed", "abandoned"):
        raise RunError(f"run {run.run_id} is {run.status}; nothing is left to decide.")
    if request is None:
        raise RunError(
            f"run {run.run_id} is {run.status} and asks nothing yet.",
            remedy=f"Go on: tieout resume {run.run_id}",
        )
    return with_votes(store, request)


def with_votes(
    store: Store, request: ApprovalRequest, *, about: AbstractSet[str] | None = None
) -> OpenRequest:
    """Give an open request with its votes. about: only the subjects that hold one of these units."""
    ballot = requests.ballot(store, request.request_id)
    counts = ballot.counts()
    return OpenRequest(
        open_request(store, request, about=about, ballot=ballot, counts=counts), ballot, counts
    )


def decide(
    request: OpenRequest,
    person: Person,
    word: Word,
    chosen: SubjectSelection,
    *,
    severity_to: str | None = None,
    rules: Mapping[str, Any] | None = None,
    note: str = "",
) -> Decided:
    """Work out a person's answer to a request.

    rules: thresholds by dotted key, for the word "edit" on the rules; with a subject, what changes for it.
    Named subjects that the person may not decide are an error; where nothing is named they are left out.
    Raises IdentityError, RunError or UsageError with the reason.
    """
    if word not in request.ballot.request.words:
        words = ", ".join(map(str, request.ballot.request.words))
        raise UsageError(f"'{request.view['title']}' takes {words}; not {word}.")
    subjects = choose(request.view, chosen)
    changes = _changes(chosen, rules or {}, severity_to)
    why = {str(subject["subject"]): _refusal(request, subject, person, word, changes) for subject in subjects}
    may = [subject for subject in subjects if not why[str(subject["subject"])]]
    refusals = [reason for reason in why.values() if reason]
    if not may or (refusals and not chosen.everything):
        raise IdentityError(_all_of(refusals))
    return Decided(
        [_answer(subject, word, changes, note) for subject in may], may, list(dict.fromkeys(refusals))
    )


def _changes(chosen: SubjectSelection, values: Mapping[str, Any], severity_to: str | None) -> dict[str, Any]:
    if chosen.rules:
        return {"rules": dict(values)}
    return dict(values) or {"severity": severity_to}


def choose(view: Mapping[str, Any], chosen: SubjectSelection) -> list[Subject]:
    """Give the subjects that are meant; the beginning of a name will do where only one begins so.

    A flag of a larger case is a subject by itself. Raises UsageError when none is meant, or a name means
    several, saying what is asked.
    """
    subjects: Sequence[Subject] = view["subjects"]
    if chosen.rules:
        return [{"subject": RULES, "title": "the thresholds"}]
    if chosen.flag is not None:
        return [_single(subjects, chosen.flag)]
    matches = [subject for subject in subjects if _is_chosen(subject, chosen)]
    exact = [subject for subject in matches if subject["subject"] == chosen.case]
    if len(matches) > 1 and chosen.case and not exact:
        raise UsageError("several cases begin so.", remedy=f"It waits for: {_names(matches)}.")
    if not matches:
        raise UsageError("nothing that waits is meant by that.", remedy=f"It waits for: {_names(subjects)}.")
    return exact or matches


def _single(subjects: Sequence[Subject], name: str) -> Subject:
    """Give a flag as a subject; alone in its case it is the case."""
    pairs = [
        (subject, flag)
        for subject in subjects
        for flag in subject.get("flag_ids", [])
        if flag.startswith(name)
    ]
    exact = [pair for pair in pairs if pair[1] == name]
    if not pairs:
        raise UsageError("no flag that waits begins so.", remedy=f"It waits for: {_names(subjects)}.")
    if len(pairs) > 1 and not exact:
        names = ", ".join(flag for _, flag in pairs[:5])
        raise UsageError("several flags begin so.", remedy=f"Those that wait: {names}.")
    of, flag = (exact or pairs)[0]
    if of["flag_ids"] == [flag] and int(of["flags"]) == 1:
        return of
    own = of.get("single", {}).get(flag, {})
    # Who started the run is barred from the flag itself, where it is CRITICAL; its case's risk says nothing.
    return {"subject": flag, "title": f"flag {flag}", "flag_ids": [flag], "signed": [], **own}


def _is_chosen(subject: Subject, chosen: SubjectSelection) -> bool:
    if chosen.case is not None:
        return str(subject["subject"]).startswith(chosen.case)
    return chosen.severity is None or bool(subject.get("severity") == chosen.severity)


def _names(subjects: Sequence[Subject]) -> str:
    most = 5
    return ", ".join(str(subject["subject"]) for subject in subjects[:most]) + (
        ", ..." if len(subjects) > most else ""
    )


def _refusal(
    request: OpenRequest, subject: Subject, person: Person, word: Word, changes: Mapping[str, Any]
) -> str:
    name = str(subject["subject"])
    proposed = eligibility.Word(name, _VERDICTS.get(word, word), changes if word == "edit" else {})
    title = str(subject.get("title") or name)
    return eligibility.refusal(
        request.ballot, request.counts, proposed, person.user, person.roles, title=title
    )


def _all_of(refusals: Sequence[str]) -> str:
    reasons = list(dict.fromkeys(refusals))
    return reasons[0] + (f" (and {len(reasons) - 1} more reasons)" if len(reasons) > 1 else "")


def _answer(subject: Subject, word: Word, changes: Mapping[str, Any], note: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"type": word, "subject": subject["subject"], "message": note}
    return {**answer, "args": dict(changes)} if word == "edit" else answer
