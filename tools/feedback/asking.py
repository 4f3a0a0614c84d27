"""Ask people about proposed changes, take their words, and act on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from typing_extensions import TypedDict

from tools.approvals import interrupt_format, take_answer
from tools.core import settings
from tools.core.clock import clock
from tools.core.errors import IdentityError, TieoutError
from tools.feedback import applying, rounds
from tools.identity.people import Person
from tools.identity.roles import holders
from tools.store import open_store

ALLOWED: Final = ("approve", "reject")
AUTOMATIC: Final = "rule"


class Word(TypedDict):
    """One person's word on one proposal, as it was authenticated."""

    by: str
    verdict: str
    note: str
    at: str


class Outcome(TypedDict):
    """What became of a round's proposals: by id, and why those that failed did."""

    applied: list[str]
    rejected: list[str]
    failed: dict[str, str]


def question(round_id: str, notice: str) -> dict[str, Any]:
    """Build the HITL request for the proposals that are still open."""
    asked = interrupt_format.ask("change_rules", rounds.subjects(round_id), ALLOWED, notice)
    return {**asked, "request_id": f"{round_id}-feedback", "reasons": []}


def take(answer: Any, round_id: str, caller: take_answer.Caller) -> tuple[dict[str, Word], str]:  # noqa: ANN401 - whatever a client sent
    """Read and authenticate an answer; give the words that count, or why none does."""
    waiting = {str(one["subject"]): one for one in rounds.subjects(round_id)}
    verdicts = interrupt_format.read(answer, list(waiting), ALLOWED)
    if isinstance(verdicts, str):
        return {}, verdicts
    try:
        person = take_answer.who(caller)
    except IdentityError as error:
        return {}, str(error)
    for one in verdicts:
        if why := _refused(waiting[one.subject], person, one.verdict):
            return {}, why
    at = clock().now().isoformat()
    words = {one.subject: Word(by=person.user, verdict=one.verdict, note=one.note, at=at) for one in verdicts}
    return words, ""


def act(words: Mapping[str, Word]) -> Outcome:
    """Apply or reject what was decided; what cannot be applied says why and stays as it is."""
    limits = settings.load()
    store, done = open_store(limits.database_url), Outcome(applied=[], rejected=[], failed={})
    for proposal_id, word in sorted(words.items()):
        try:
            if word["verdict"] == "approve":
                applying.apply(store, limits, proposal_id, by=word["by"], note=word["note"])
                done["applied"].append(proposal_id)
            else:
                applying.reject(store, proposal_id, by=word["by"], note=word["note"])
                done["rejected"].append(proposal_id)
        except TieoutError as error:
            done["failed"][proposal_id] = str(error)
    return done


def by_rule(open_ones: list[str]) -> dict[str, Word]:
    """Give the words with which the settings approve what nothing speaks against."""
    at = clock().now().isoformat()
    word = Word(by=AUTOMATIC, verdict="approve", note="applied by itself: TIEOUT_FEEDBACK_AUTOMATIC", at=at)
    return dict.fromkeys(open_ones, word)


def _refused(subject: Mapping[str, Any], person: Person, verdict: str) -> str:
    if not person.may("decide"):
        return f"{person.user} may not decide; it takes one of: {holders('decide')}."
    if verdict == "approve" and person.user in subject["barred"]:
        return (
            f"most of the reviews behind {subject['subject']} are {person.user}'s: somebody else approves it."
        )
    return ""
