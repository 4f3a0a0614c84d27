"""What a flag turned out to be is said by who is signed in and may, and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk import reviews
from desk.reviews import ReviewTarget
from tests.desk.conftest import Invoke
from tests.desk.seeded import RUN
from tools.core.errors import IdentityError, RunError, TieoutError, UsageError
from tools.identity.people import Person
from tools.store import Store, flags, trail

RILEY = Person(user="riley", name="Riley", roles=("auditor",))


def _flags(store: Store) -> list[str]:
    return sorted(flag.flag_id for flag in flags.find(store, run_id=RUN))


@pytest.mark.parametrize("role", ["auditor", "approver", "admin"])
def test_who_may_review_does(store: Store, role: str) -> None:
    """The reviewer's name comes from signing in; review, name, time and note stand on the flag."""
    person = Person(user="kim", name="Kim", roles=(role,))
    (flag,) = reviews.review(store, person, ReviewTarget((_flags(store)[0][:7],)), "confirmed", " twice ")
    assert (flag.review, flag.reviewed_by, flag.review_note) == ("confirmed", "kim", "twice")
    assert flag.reviewed_at is not None
    assert trail.verify(store) == []


@pytest.mark.parametrize(
    ("person", "message"),
    [
        (Person(user="local:kim", name="Kim", roles=("auditor",)), "signed in"),
        (Person(user="kim", name="Kim", roles=("viewer",)), "kim may not review. It takes one of: auditor"),
        (Person(user="kim", name="Kim", roles=("controller",)), "kim may not review"),
        (Person(user="kim", name="Kim", roles=()), "kim may not review"),
    ],
)
def test_nobody_else_does(store: Store, person: Person, message: str) -> None:
    """Without a token, or without a role that reviews, nothing is written."""
    with pytest.raises(IdentityError, match=message):
        reviews.review(store, person, ReviewTarget(tuple(_flags(store))), "confirmed")
    assert {flag.review for flag in flags.find(store, run_id=RUN)} == {None}


@pytest.mark.parametrize(
    ("target", "verdict", "error", "message"),
    [
        (ReviewTarget(("f",)), "confirmed", RunError, "several flags begin with 'f'"),
        (ReviewTarget(("f0",), "c1"), "confirmed", UsageError, "name flags, or one case"),
        (ReviewTarget(), "confirmed", UsageError, "name flags, or one case"),
        (ReviewTarget(case="c"), "confirmed", RunError, "several cases begin with 'c'"),
        (ReviewTarget(case="c9"), "confirmed", RunError, "no case that begins with 'c9'"),
        (ReviewTarget(case="c1"), "wrong", UsageError, "'wrong' is no review"),
    ],
)
def test_what_is_not_there_is_named(
    store: Store, target: ReviewTarget, verdict: str, error: type[TieoutError], message: str
) -> None:
    """A flag, a case or a verdict that does not exist is an error, not a silence."""
    with pytest.raises(error, match=message):
        reviews.review(store, RILEY, target, verdict)


def test_a_whole_case_is_reviewed_but_what_was_withdrawn(store: Store) -> None:
    """Its flags, and no others."""
    reviewed_flags = reviews.review(store, RILEY, ReviewTarget(case="c1"), "false_positive", "a refund")
    assert [flag.case_id for flag in reviewed_flags] == ["c1"]
    assert [flag.case_id for flag in flags.find(store, review="false_positive")] == ["c1"]


def test_from_the_command_line(invoke: Invoke, store: Store, tmp_path: Path) -> None:
    """The flag as it is now with --json; the later review is in force, and both are explained."""
    (tmp_path / "riley").write_text("riley-token")
    name = _flags(store)[0]
    output = invoke(
        "review", name[:8], "--as", "needs_information", "--note", "whose?", "--token-file", "riley"
    )
    assert output == (0, "", "Riley reviewed 1 flag: needs information.\n")
    code, text, _ = invoke("review", name, "--as", "confirmed", "--token-file", "riley", "--json")
    (row,) = json.loads(text)
    assert (code, row["flag_id"], row["review"], row["reviewed_by"]) == (0, name, "confirmed", "riley")
    history = json.loads(invoke("explain", name, "--json")[1])["history"]
    assert [event["what"] for event in history] == ["proposed", "needs_information", "confirmed"]
    assert invoke("review", name, "--as", "confirmed")[0] == 1
