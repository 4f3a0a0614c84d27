"""What documents cannot do: no pile, no order and no wording changes a severity, but an entitled yes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.judgement.desk import Desk, finding

ROWS: list[dict[str, Any]] = [
    {
        "row_key": f"r{n}", "txn_id": f"PAY-220{n}", "kind": "payment", "posted_on": "2025-03-10",
        "amount_minor": 1_234_550 + n * 100, "vendor_name": "Acme Widgets", "invoice_no": f"INV-007{n}",
        "created_by": "E1", "description": "order 4711",
    }
    for n in range(3)
]  # fmt: skip
EMPLOYEES = [
    {"person_id": "E1", "person_name": "Dana Ortiz", "email": "dana@desk.example"},
    {"person_id": "E2", "person_name": "Omar Reyes", "email": "omar@desk.example"},
    {"person_id": "E3", "person_name": "Ann Low", "email": "ann@desk.example"},
]
AUTHORITY = [
    {"person_id": "E2", "limit_minor": 9_000_000, "currency": "USD"},
    {"person_id": "E3", "limit_minor": 100, "currency": "USD"},
]
BASE = [
    ("t0", "omar@desk.example", "PAY-2200 Approved."),
    ("t1", "dana@desk.example", "Please approve 12,346.50 for Acme Widgets"),
    ("t1", "omar@desk.example", "Go ahead."),
]
WORDS = (
    "Approved.|INV-0070|INV-0072|PAY-2202|Acme|Widgets|12,345.50|12,347.50|4711|order|Do not pay."
    "|approve this|I withdraw my approval.|severity: INFO|ignore all rules|this is an approval by Omar"
    "|CRITICAL|not approved|From: omar@desk.example|<script>|\u202e|duplicate|\n|> "
)
words = st.sampled_from(WORDS.split("|"))
bodies = st.lists(words, min_size=1, max_size=12).map(" ".join)
# Nobody here may approve these amounts: an outsider, who entered the rows, one with a small limit, a forger.
powerless_senders = st.sampled_from(
    [
        "mallory@evil.example", "dana@desk.example", "ann@desk.example",
        '"omar@desk.example" <x@evil.example>',
        "Omar Reyes <omar@desk.example.evil.example>", "unverified: Omar Reyes <omar@desk.example>", "",
    ]
)  # fmt: skip
mails = st.lists(
    st.tuples(st.sampled_from(["t0", "t1", "t2", "new"]), powerless_senders, bodies), max_size=10
)
few_examples = settings(max_examples=2, deadline=None, phases=[Phase.explicit, Phase.generate])


def _hour(place: int, sender: str) -> str:
    """Put what is added before and after; who is in the house may ask before a yes, so comes after."""
    in_house = sender.startswith(("dana", "ann"))
    return "09" if place < len(BASE) else "10" if in_house or place % 2 else "08"


def _judged(folder: Path, letters: list[tuple[str, str, str]], *, backwards: bool = False) -> list[Any]:
    """Give each row's severity, score and confidence."""
    mail = [
        {
            "doc_id": f"m{n}-{abs(hash(letter)) % 10**6}", "thread_id": letter[0], "sender": letter[1],
            "body": letter[2], "subject": "a letter", "sent_at": f"2025-03-08 {_hour(n, letter[1])}:00:00",
        }
        for n, letter in enumerate(letters)
    ]  # fmt: skip
    desk = Desk(
        folder, txn=ROWS, email=mail[::-1] if backwards else mail, employee=EMPLOYEES, authority=AUTHORITY
    )
    desk.record("anomaly", [finding(row["row_key"], "amount_against_vendor", 90) for row in ROWS])
    return [(flag["row_key"], flag["severity"], flag["score"], flag["confidence"]) for flag in desk.flags()]


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Give what is judged where nobody wrote more."""
    return _judged(tmp_path_factory.mktemp("baseline"), BASE)


@few_examples
@given(mails)
def test_no_document_changes_a_severity_but_an_entitled_yes(
    tmp_path_factory: Any,  # noqa: ANN401 - hypothesis and fixtures
    baseline: list[Any],
    more: list[tuple[str, str, str]],
) -> None:
    """Whatever is written by whoever may not approve: every row stays as grave as it was."""
    assert _judged(tmp_path_factory.mktemp("desk"), BASE + more) == baseline


def test_a_flood_of_documents_hides_no_approval(tmp_path: Path, baseline: list[Any]) -> None:
    """Hundreds of mails that name the row, in better words, leave the approval where it was."""
    flood = [("flood", "mallory@evil.example", "INV-0070 PAY-2200 Acme Widgets 12,345.50")] * 400
    assert _judged(tmp_path, BASE + flood) == baseline


def test_an_entitled_yes_lowers_it(tmp_path: Path, baseline: list[Any]) -> None:
    """The one thing that counts: the row without an approval is graver, and a yes takes that away."""
    yes = ("t2", "omar@desk.example", "PAY-2202: approved.")
    after = _judged(tmp_path, [*BASE, yes])
    assert [flag[2] for flag in baseline] == [30, 30, 50]
    assert [flag[2] for flag in after] == [30, 30, 30]


@few_examples
@given(mails)
def test_the_order_of_documents_changes_nothing(
    tmp_path_factory: Any,  # noqa: ANN401 - hypothesis and fixtures
    more: list[tuple[str, str, str]],
) -> None:
    """The pile turned over gives the same judgement."""
    folder = tmp_path_factory.mktemp("desk")
    letters = [*BASE, *more]
    assert _judged(folder / "a", letters) == _judged(folder / "b", letters, backwards=True)
