"""What an interrupt shows, and what comes back: authenticated answers, or a reason to ask again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from tools.approvals import eligibility, interrupt_format, requests
from tools.approvals.votes import Ballot, VoteCount
from tools.core import settings
from tools.core.bounded_paths import Folders
from tools.core.errors import IdentityError, RunError
from tools.core.refs import Answer, RequestRef
from tools.identity import people
from tools.identity.people import Person
from tools.identity.roles import STARTER
from tools.runs import requesters
from tools.store import Store, open_store, runs

MOST_UNITS = 5  # units of a subject that are shown one by one
ACTIONS: Mapping[str, str] = {
    "gate": "pass_gate",
    "flags": "approve_flags",
    "changes": "change_rules",
    "claims": "approve_claims",
    "letters": "send_letters",
}
Describe = Callable[[Store, Ballot, Sequence[str]], list[dict[str, Any]]]
Unsound = Callable[[eligibility.Word], str]


class Caller(Protocol):
    """What a node's runtime knows of who is calling."""

    @property
    def context(self) -> Any:  # noqa: ANN401 - LangGraph's own generic
        """What the caller handed in."""
        ...

    @property
    def server_info(self) -> Any:  # noqa: ANN401 - LangGraph's own type
        """What LangGraph Server knows of the caller."""
        ...

    @property
    def execution_info(self) -> Any:  # noqa: ANN401 - LangGraph's own type
        """The thread and the task that are executed; None outside of any."""
        ...


@dataclass(frozen=True)
class CheckedAnswers:
    """Answers that count; and why none does, or why one of them came too late."""

    answers: list[Answer]
    notice: str = ""


def question(request_id: str, notice: str = "", describe: Describe | None = None) -> dict[str, Any]:
    """Build the HITL request for the subjects that still wait.

    describe: puts the first open units of a subject into rows ("items").
    """
    store = _store()
    ballot = requests.ballot(store, request_id)
    counts = ballot.counts()
    subjects = [
        {**subject, **_subject_state(store, ballot, counts, str(subject["subject"]), describe)}
        for subject in ballot.request.payload.get("subjects", [])
        if ballot.waiting(str(subject["subject"]), counts)
    ]
    action = ACTIONS.get(ballot.request.kind, f"decide_{ballot.request.kind}")
    words = tuple(str(word) for word in ballot.request.words)
    interrupt = interrupt_format.ask(action, subjects, words, notice)
    return {**interrupt, "request_id": request_id, "reasons": ballot.request.payload.get("reasons", [])}


def _subject_state(
    store: Store, ballot: Ballot, counts: Mapping[str, VoteCount], subject: str, describe: Describe | None
) -> dict[str, Any]:
    waiting = ballot.waiting(subject, counts)
    whole = ballot.of_subjects(counts)[subject]
    signed = sorted(f"{by}: {verdict}" for verdict, voters in whole.votes.items() for by in voters)
    standing: dict[str, Any] = {"signed": signed, "quorum": whole.need}
    if waiting == [subject]:
        return standing
    items = describe(store, ballot, waiting[:MOST_UNITS]) if describe else []
    return {**standing, "flags": len(waiting), "items": items}


def take(answer: object, request_id: str, caller: Caller, unsound: Unsound | None = None) -> CheckedAnswers:
    """Read and authenticate an answer. Who decides comes from the caller, never from the answer.

    If one word does not count, none does; but what others have settled meanwhile is left out. A word on a
    subject that is not listed may be about one unit of a subject. unsound: says what is wrong with a word.
    """
    if isinstance(answer, Mapping) and answer.get("request_id", request_id) != request_id:
        return CheckedAnswers([], f"That answers {answer['request_id']}; {request_id} is asked.")
    ballot = requests.ballot(_store(), request_id)
    counts = ballot.counts()
    listed = [str(subject["subject"]) for subject in ballot.request.payload.get("subjects", [])]
    listed = [name for name in listed if ballot.waiting(name, counts)]
    words = tuple("modify" if word == "edit" else str(word) for word in ballot.request.words)
    verdicts = interrupt_format.read(answer, listed, words, also={*ballot.groups, *ballot.subject_of_unit})
    if isinstance(verdicts, str):
        return CheckedAnswers([], verdicts)
    try:
        person = identify(caller)
    except IdentityError as error:
        return CheckedAnswers([], str(error))
    return _counting(ballot, counts, verdicts, person, unsound)


def _counting(
    ballot: Ballot,
    counts: Mapping[str, VoteCount],
    verdicts: Iterable[interrupt_format.Verdict],
    person: Person,
    unsound: Unsound | None,
) -> CheckedAnswers:
    answers, late = [], ""
    for verdict in map(_one_spelling, verdicts):
        word = eligibility.Word(verdict.subject, verdict.verdict, verdict.changes, verdict.note)
        why = eligibility.refusal(ballot, counts, word, person.user, person.roles)
        why = why or (unsound(word) if unsound else "")
        if why and not eligibility.settled(ballot, counts, verdict.subject):
            return CheckedAnswers([], why)
        late = why or late
        answers += [] if why else [_answer(ballot.request.request_id, verdict, person)]
    return CheckedAnswers(answers, late)


def _one_spelling(verdict: interrupt_format.Verdict) -> interrupt_format.Verdict:
    """Bring a severity to its one spelling: two people who set the same agree."""
    if "severity" not in verdict.changes:
        return verdict
    return replace(verdict, changes={**verdict.changes, "severity": str(verdict.changes["severity"]).upper()})


def _answer(request_id: str, verdict: interrupt_format.Verdict, person: Person) -> Answer:
    return Answer(
        request_id=request_id,
        subject=verdict.subject,
        by=person.user,
        roles=list(person.roles),
        verdict=verdict.verdict,
        changes=dict(verdict.changes),
        note=verdict.note,
    )


def record(store: Store, answers: Iterable[Answer]) -> str:
    """Record answers in the store, each by itself; give the reason for the last one that came too late."""
    notice = ""
    for answer in answers:
        try:
            requests.decide(
                store,
                answer["request_id"],
                {answer["subject"]: answer["verdict"]},
                by=answer["by"],
                roles=answer["roles"],
                note=answer["note"],
                changes=answer["changes"],
            )
        except (RunError, IdentityError) as error:
            notice = str(error)
    return notice


def settle(
    store: Store, run_id: str, request: RequestRef, answered: Iterable[Answer]
) -> dict[str, VoteCount]:
    """Record answers; give how each subject stands, and close the request once all of them are settled."""
    record(store, answered)
    ballot = requests.ballot(store, request["request_id"])
    subjects = ballot.of_subjects(ballot.counts())
    if all(count.verdict for count in subjects.values()) and ballot.request.status == "open":
        requests.close(store, request["request_id"], "decided")
        runs.set_status(store, run_id, "open")
    return subjects


def identify(caller: Caller) -> Person:
    """Identify who is calling: by their token, or as who asked for the task that a worker has.

    Raises IdentityError for a token that is nobody's, and for a claim that no worker has.
    """
    claim = getattr(caller.context, "claim", None)
    if claim is not None and caller.server_info is None:
        requester = requesters.requester(_store(), claim)
        if requester:
            return Person(user=requester, name=requester, roles=(STARTER,))
    token = getattr(caller.context, "token", None)
    return people.identify(caller.server_info, token, settings.load())


def folders_of(caller: Caller) -> Folders | None:
    """Give the folders in which a caller of the Server names files; None for who runs it on this machine."""
    outside = caller.server_info is not None or getattr(caller.context, "within_folders", False)
    return Folders.of(settings.load()) if outside else None


def thread_of(caller: Caller) -> str:
    """Give the thread that is executed; of a graph without a checkpointer, its task. Empty outside of any."""
    info = caller.execution_info
    return str((info and (info.thread_id or info.task_id)) or "")


def _store() -> Store:
    return open_store(settings.load().database_url)
