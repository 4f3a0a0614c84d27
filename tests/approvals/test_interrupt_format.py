"""Both answer shapes are read; anything else is asked again with the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.approvals.interrupt_format import Verdict, ask, read

ALLOWED = ("approve", "reject", "modify", "skip")
TWO = ["case-1", "case-2"]


def test_the_request_has_the_shape_that_approval_uis_read() -> None:
    """Every subject is an action with a description; the review says what may be answered."""
    request = ask("approve_flags", [{"subject": "case-1", "description": "Paid twice"}], ALLOWED, "")
    (action,) = request["action_requests"]
    assert set(action) == {"name", "args", "arguments", "description"}
    assert request["review_configs"] == [{"action_name": "approve_flags", "allowed_decisions": list(ALLOWED)}]


@pytest.mark.parametrize(
    "answer",
    [
        {"decisions": [{"type": "approve"}, {"type": "reject", "message": "known"}]},
        [{"type": "accept", "args": None}, {"type": "response", "args": "reject"}],
    ],
)
def test_both_shapes_are_read_in_order(answer: object) -> None:
    """Without subjects, decisions answer the actions one for one."""
    verdicts = read(answer, TWO, ALLOWED)
    assert [(v.subject, v.verdict) for v in verdicts if isinstance(v, Verdict)] == [
        ("case-1", "approve"),
        ("case-2", "reject"),
    ]


def test_a_named_subject_may_stand_alone() -> None:
    """A partial decision leaves the others open."""
    assert read([{"type": "approve", "subject": "case-2"}], TWO, ALLOWED) == [Verdict("case-2", "approve")]


def test_an_edit_carries_its_changes() -> None:
    """The changes come out of either shape."""
    changes = {"severity": "INFO"}
    by_action = read(
        {"decisions": [{"type": "edit", "edited_action": {"name": "x", "args": changes}}]}, ["c"], ALLOWED
    )
    by_type = read([{"type": "edit", "args": changes}], ["c"], ALLOWED)
    assert by_action == by_type == [Verdict("c", "modify", changes)]


def test_a_lone_answer_is_about_the_first_subject() -> None:
    """A UI that shows the first action alone answers that one; the others stay open."""
    lone = {"decisions": [{"type": "reject", "args": "paid twice by us"}]}
    assert read(lone, TWO, ALLOWED) == [Verdict("case-1", "reject", {}, "paid twice by us")]
    assert isinstance(read(lone, [], ALLOWED), str)


def test_an_action_that_is_handed_back_names_its_subject() -> None:
    """What a UI returns with its decision says what the person saw, wherever the question is by then."""
    action = {"action": "approve_flags", "args": {"subject": "case-2", "severity": "ERROR"}}
    approval = {"decisions": [{"type": "approve", "args": action}]}
    assert read(approval, TWO, ALLOWED) == [Verdict("case-2", "approve")]
    settled = read(approval, TWO[:1], ALLOWED)
    assert settled == "'case-2' is not asked."


def test_an_edit_among_bare_decisions_stands_at_its_place() -> None:
    """A UI that answers all in order hands one action back, and not the others."""
    action = {"name": "approve_flags", "args": {"subject": "case-2", "severity": "INFO"}}
    answer = {"decisions": [{"type": "approve"}, {"type": "edit", "edited_action": action}]}
    assert read(answer, TWO, ALLOWED) == [
        Verdict("case-1", "approve"),
        Verdict("case-2", "modify", {"subject": "case-2", "severity": "INFO"}),
    ]


@pytest.mark.parametrize(
    "garbage",
    [None, True, "approve", {}, [], [{}], [{"type": "nod"}, {"type": "approve"}],
     [{"type": "approve"}] * 3, [{"type": ["approve"]}], [{"type": {}}, {"type": "approve"}],
     [{"type": "approve", "subject": "case-2"}, {"type": "approve"}],
     [{"type": "approve", "subject": "case-9"}], [{"type": "response", "args": "why?"}] * 2,
     [{"type": "approve", "subject": "case-1"}] * 2],
)  # fmt: skip
def test_garbage_is_answered_with_words(garbage: object) -> None:
    """What is no answer is never taken for one, and never raises."""
    assert isinstance(read(garbage, TWO, ALLOWED), str)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_no_answer_raises(answer: object) -> None:
    """Whatever JSON comes back, it is read or refused."""
    assert isinstance(read(answer, TWO, ALLOWED), list | str)
