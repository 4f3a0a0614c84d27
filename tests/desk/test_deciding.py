"""A person's word counts only on what the person may decide, and is refused with a reason otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desk.approvals.decide import Decided, OpenRequest, SubjectSelection, Word, asked_of, decide, signed_in
from tests.approvals.ballots import FakeRequest
from tests.desk.seeded import RUN, seed_store, users_file
from tools.approvals import requests
from tools.approvals.votes import Ballot
from tools.core.errors import IdentityError, RunError, TieoutError, UsageError
from tools.core.settings import Settings
from tools.identity.people import Person
from tools.store import Store, runs, windows

ALL_CASES = SubjectSelection()
DANA = Person(user="dana", name="Dana", roles=("approver",))
OMAR = Person(user="omar", name="Omar", roles=("approver",))
RILEY = Person(user="riley", name="Riley", roles=("auditor",))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Give a desk with one run, started by dana, that waits for c1 (CRITICAL) and c2 (WARNING)."""
    return seed_store(f"sqlite:///{tmp_path}/tieout.db", started_by="dana")


def decide_as(
    store: Store,
    person: Person,
    word: Word = "approve",
    chosen: SubjectSelection = ALL_CASES,
    *,
    severity_to: str | None = None,
    note: str = "",
) -> Decided:
    """Let a person say a word on the run."""
    run = runs.get(store, RUN)
    request = asked_of(store, run)
    return decide(request, person, word, chosen, severity_to=severity_to, note=note)


def test_without_names_all_is_decided_that_the_person_may(store: Store) -> None:
    """Whoever started the run decides on the WARNING case; the CRITICAL one is left to others."""
    decided = decide_as(store, DANA, note="seen")
    assert decided.answers == [{"type": "approve", "subject": "c2", "message": "seen"}]
    assert decided.left == [
        "dana started this run and so can't decide on its CRITICAL flags: another person has to."
    ]
    assert [answer["subject"] for answer in decide_as(store, OMAR).answers] == ["c1", "c2"]


@pytest.mark.parametrize(
    ("chosen", "subjects"),
    [
        (SubjectSelection(case="c2"), ["c2"]),
        (SubjectSelection(severity="CRITICAL"), ["c1"]),
        (SubjectSelection(severity="WARNING"), ["c2"]),
    ],
)
def test_subjects_can_be_named(store: Store, chosen: SubjectSelection, subjects: list[str]) -> None:
    """By case and by the severity of the gravest flag."""
    assert [answer["subject"] for answer in decide_as(store, OMAR, chosen=chosen).answers] == subjects


def test_a_flag_alone_in_its_case_can_be_named(store: Store) -> None:
    """The beginning of a flag's id will do."""
    flag = requests.get(store, f"{RUN}-flags-1").payload["units"]["c1"][0]
    assert [
        answer["subject"] for answer in decide_as(store, OMAR, chosen=SubjectSelection(flag=flag[:8])).answers
    ] == ["c1"]


@pytest.mark.parametrize(
    ("message", "error", "person", "word", "chosen"),
    [
        (
            "riley has no role that may decide; it takes one of: approver, admin.",
            IdentityError,
            RILEY,
            "approve",
            ALL_CASES,
        ),
        (
            "dana started this run and so can't decide",
            IdentityError,
            DANA,
            "approve",
            SubjectSelection(case="c1"),
        ),
        ("It waits for: c1, c2.", UsageError, OMAR, "approve", SubjectSelection(case="zz")),
        (
            "several cases begin so. It waits for: c1, c2.",
            UsageError,
            OMAR,
            "approve",
            SubjectSelection(case="c"),
        ),
        (
            "'2 cases to decide' takes approve, reject, edit, skip; not retry.",
            UsageError,
            OMAR,
            "retry",
            ALL_CASES,
        ),
    ],
)
def test_what_may_not_be_said_is_refused(
    store: Store,
    message: str,
    error: type[TieoutError],
    *,
    person: Person,
    word: Word,
    chosen: SubjectSelection,
) -> None:
    """A wrong role, one's own CRITICAL case, and what is not asked: each with its reason."""
    with pytest.raises(error) as caught:
        decide_as(store, person, word, chosen)
    assert message in str(caught.value)


def test_nobody_signs_twice(store: Store) -> None:
    """A second signature by the same person is no second person; the other one may still sign."""
    requests.decide(store, f"{RUN}-flags-1", {"c1": "approve"}, by="omar", roles=["approver"])
    with pytest.raises(IdentityError, match="omar has approved 'Case c1' already; it needs another person"):
        decide_as(store, OMAR, chosen=SubjectSelection(case="c1"))
    assert [answer["subject"] for answer in decide_as(store, OMAR).answers] == ["c2"]
    assert [
        answer["type"] for answer in decide_as(store, OMAR, "reject", SubjectSelection(case="c1")).answers
    ] == ["reject"]


def _open_request(kind: str = "flags", **fields: Any) -> OpenRequest:  # noqa: ANN401 - fields of FakeRequest
    """Give a request whose starter, dana, may not decide on f11."""
    model = FakeRequest(kind=kind, **{"barred": {"f11": {"dana": "started"}}, **fields})
    ballot = Ballot(model, [])
    units = ["f11", "f12"] if kind == "flags" else []
    subject: dict[str, Any] = {
        "subject": "c9" if units else "gate",
        "flags": 2,
        "flag_ids": units,
        "single": {},
    }
    return OpenRequest({"title": "the gate", "subjects": [subject]}, ballot, ballot.counts())


def test_a_flag_of_a_larger_case_is_decided_by_itself() -> None:
    """Its own name is the subject; a name that means several flags is none."""
    request = _open_request(payload={"units": {"c9": ["f11", "f12"]}}, needs={"f11": 2, "f12": 1})
    assert decide(request, DANA, "reject", SubjectSelection(flag="f12")).answers[0]["subject"] == "f12"
    for flag, error in (("f11", IdentityError), ("f1", UsageError), ("g", UsageError)):
        with pytest.raises(error):
            decide(request, DANA, "approve", SubjectSelection(flag=flag))


def test_the_gate_takes_its_own_words() -> None:
    """At the gate one goes on, stops, or has the unfinished checks run again."""
    request = _open_request("gate", payload={}, needs={"gate": 1}, words=["approve", "retry", "reject"])
    words: tuple[Word, ...] = ("approve", "retry", "reject")
    assert [decide(request, OMAR, word, ALL_CASES).answers[0]["type"] for word in words] == list(words)
    with pytest.raises(UsageError, match="'the gate' takes approve, retry, reject; not skip"):
        decide(request, OMAR, "skip", ALL_CASES)


def test_a_change_of_severity_says_which(store: Store) -> None:
    """Modify carries the new severity."""
    decided = decide_as(store, OMAR, "edit", SubjectSelection(case="c2"), severity_to="INFO")
    assert decided.answers == [{"type": "edit", "subject": "c2", "message": "", "args": {"severity": "INFO"}}]


def test_a_run_that_ended_or_asks_nothing_says_so(store: Store) -> None:
    """What to do instead is part of the message."""
    requests.close(store, f"{RUN}-flags-1", "decided")
    runs.set_status(store, RUN, "open")
    with pytest.raises(RunError, match=f"is open and asks nothing yet. Go on: tieout resume {RUN}"):
        asked_of(store, runs.get(store, RUN))
    windows.abandon(store, RUN, by="dana")
    with pytest.raises(RunError, match="is abandoned; nothing is left to decide"):
        asked_of(store, runs.get(store, RUN))


def test_only_who_is_signed_in_decides(tmp_path: Path) -> None:
    """A token makes the person; the account of the operating system never does."""
    settings = Settings(users=users_file(tmp_path))
    assert signed_in("dana-token", settings) == DANA
    with pytest.raises(IdentityError, match="Set TIEOUT_TOKEN, or give --token-file"):
        signed_in(None, settings)
