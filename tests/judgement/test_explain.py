"""A note reads like an auditor's: in words, with money and days, and with a way to tell."""

from __future__ import annotations

import re
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tools.books.judgement_tables import SUSPECT
from tools.checks.catalogue import NAMES
from tools.core import formatting
from tools.judgement import explain, innocent_readings
from tools.judgement.test_families import family_of
from tools.rules.test_header import CheckName

TESTS = [(check, name) for check, names in NAMES.items() for name in names]
OBSERVATION = {
    "observed": "-4250 minor units more than its match, 0 days apart, of 1 lines",
    "threshold": "73 expected",
    "population": "card_to_bank, left",
    "score": 80,
}
ROW: dict[str, Any] = {
    **dict.fromkeys(SUSPECT), "txn_id": "PAY-1", "kind": "payment",
    "amount_minor": 123_450, "currency": "USD",
    "vendor_name": "Acme", "posted_on": date(2025, 3, 8), "weak_only": False, "families": 1,
    "source": "pay",
    "partner_key": "pay:1f-1", "partner_id": "PAY-0", "line": 7, "file": "pay.csv",
    "difference_minor": -500,
    "break_reason": "wrong_party", "why_not": "2025-04-01 is too late",
}  # fmt: skip


def _note(check: CheckName, test: str, hits: list[dict[str, Any]], **more: object) -> list[str]:
    row = {**ROW, "family": family_of(check, test).name, "lead_check": check, "lead_test": test, **more}
    lead = {**OBSERVATION, "check": check, "test": test}
    second = {**OBSERVATION, "check": "anomaly", "test": "round_amount"}
    faint = {**OBSERVATION, "check": "anomaly", "test": "benford_first_digit", "score": 10}
    return explain.note(
        row, [lead, second, faint], hits, ["approval", "receipt"], {"E2": "Omar Reyes"}
    ).splitlines()


@pytest.mark.parametrize(("check", "test"), TESTS)
def test_every_tests_note_is_in_words(check: CheckName, test: str) -> None:
    """No name of a test or a pair, no minor units, no ISO day; a reading of its own and a way to tell."""
    lines = _note(check, test, [])
    text = "\n".join(lines)
    assert re.findall(r"\b[a-z]+_[a-z_]+\b|minor units|\d{4}-\d{2}-\d{2}|None|nan", text) == []
    assert "42.50 USD less than its match, on the same day, of 1 line. Expected: 73." in text
    assert lines[-2].startswith("Innocent reading: ")
    assert lines[-1].startswith("What would tell: ")
    assert lines[-2].endswith(".")
    assert lines[-1].endswith((".", "?"))
    assert "an unusual but proper transaction" not in lines[-2]


def test_every_reading_is_of_a_test_that_there_is() -> None:
    """A test that was renamed does not lose its words in silence; no test has two readings."""
    names = [name for _, name in TESTS]
    patterns = [pattern for reading in innocent_readings.READINGS for pattern in reading.tests]
    assert [pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in names)] == []
    for name in names:
        assert (
            sum(
                any(fnmatchcase(name, pattern) for pattern in reading.tests)
                for reading in innocent_readings.READINGS
            )
            <= 1
        )


@pytest.mark.parametrize(
    ("kind", "amount", "expected"),
    [
        ("bank", -500, "The bank line of 5.00 USD paid out to Acme on 8 March 2025 (PAY-1)"),
        ("bank", 500, "The bank line of 5.00 USD received from Acme on 8 March 2025 (PAY-1)"),
        ("ledger", -500, "The ledger line of 5.00 USD credited with Acme on 8 March 2025 (PAY-1)"),
        ("card", 500, "The card charge of 5.00 USD to Acme on 8 March 2025 (PAY-1)"),
        ("invoice", -500, "The invoice of 5.00 USD credited by Acme on 8 March 2025 (PAY-1)"),
        ("invoice", None, "The invoice of no amount to Acme on 8 March 2025 (PAY-1)"),
    ],
)
def test_a_row_is_named_with_which_way_the_money_went(kind: str, amount: int | None, expected: str) -> None:
    """No reader has to know what a sign means."""
    assert formatting.row_name({**ROW, "kind": kind, "amount_minor": amount}) == expected


APPROVAL = {
    "kind": "approval", "doc_id": "m1", "approver": "E2", "approved_at": "2025-03-08 09:00:00",
    "excerpt": "Approved.",
}  # fmt: skip


MAILED = "in e-mail m1 on 8 March 2025 at 09:00: Omar Reyes (E2)"
WITHDRAWN = "said yes, taken back on 9 March 2025 at 10:00"


@pytest.mark.parametrize(
    ("why", "may", "expected"),
    [
        ("names it; within their limit", True, f'Approval {MAILED}, within their limit: "Approved."'),
        (
            "names it; above their limit",
            False,
            f'Not an approval, {MAILED} is above their limit: "Approved."',
        ),
        (
            "in the books; within their limit",
            True,
            "Approval in the books: Omar Reyes (E2), within their limit.",
        ),
        (
            "names it; taken back on 2025-03-09 10:00",
            False,
            f'Not an approval, {MAILED} {WITHDRAWN}: "Approved."',
        ),
    ],
)
def test_an_approval_is_told_with_who_when_and_whether_they_could(why: str, may: bool, expected: str) -> None:
    """And one that does not count is not called one."""
    lines = _note("anomaly", "duplicate_payment", [{**APPROVAL, "why": why, "may_approve": may}])
    assert expected in lines


def test_what_a_document_says_is_quoted_as_it_is() -> None:
    """Days and names inside a quotation stay as written; what is only beside is counted."""
    mail = {
        "kind": "email",
        "doc_id": "m2",
        "at": "2025-03-08 09:00:00",
        "excerpt": "due 2025-03-09, see some_file",
    }
    hits = [{**mail, "why": "names it"}, {**mail, "doc_id": "m3", "why": "names the vendor"}]
    lines = _note("anomaly", "duplicate_payment", hits)
    assert (
        'Found: e-mail m2 of 8 March 2025 at 09:00 (it names this row): "due 2025-03-09, see some_file"'
        in lines
    )
    assert "Beside it, 1 e-mail names only the vendor or the day: m3." in lines
    assert "Looked for and not found: an approval, a receipt." in lines


def test_a_finding_is_worded_the_same_wherever_it_is_shown() -> None:
    """Money in the row's currency or the one that the words name, days as days, no names of ours."""
    wording = formatting.of_test(
        {
            "test": "control_total_mismatch",
            "observed": "sum 4704721 minor units of JPY, 1 rows",
            "threshold": "5000 minor units, day 7305 since 1970 or later",
            "population": "12 rows of card_main, held against bank",
        },
        "USD",
    )
    assert wording == {
        "test": "control_total_mismatch",
        "observed": "sum 4,704,721 JPY, 1 row",
        "threshold": "50.00 USD, 1990-01-01 or later",
        "population": "12 rows of card main, held against bank",
    }
    assert formatting.in_money("5000 minor units", "") == "5000 minor units"
