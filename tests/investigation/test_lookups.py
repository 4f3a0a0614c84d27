"""What a model asks is looked up by parameters; what it may not ask is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tools.investigation import lookup_queries, lookups
from tools.investigation.lookups import AskError, Bench


def _keys(bench: Bench, name: str, **arguments: object) -> list[str]:
    lookup = lookups.by_name(name)
    return [fact.key for fact in lookup.look(bench, lookup.arguments.model_validate(arguments))]


def _texts(bench: Bench, name: str, **arguments: object) -> str:
    lookup = lookups.by_name(name)
    return "\n".join(fact.text for fact in lookup.look(bench, lookup.arguments.model_validate(arguments)))


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        ({"vendor": "ACME WIDGETS INC", "kind": "payment"}, ["p7", "p5", "p3", "p1"]),
        ({"document": "inv-3"}, ["p3", "i3"]),
        ({"amount_from": "7000", "currency": "USD"}, ["p7", "p6"]),
        ({"amount_to": 1000}, ["p0"]),
        ({"from_day": "2025-03-07", "to_day": "2025-03-07"}, ["p6"]),
        ({"person": "dana ortiz", "order": "largest", "most": 2}, ["", "p7", "p6"]),
        ({"vendor": "Nobody"}, []),
    ],
)
def test_the_ledger_is_asked_by_parameters(bench: Bench, arguments: dict[str, Any], keys: list[str]) -> None:
    """Each narrows; where more rows fit than are shown, a line says so first."""
    assert _keys(bench, "query_ledger", **arguments) == keys


def test_a_vendor_has_a_profile(bench: Bench) -> None:
    """By kind of row, and as the master has it."""
    profile = _texts(bench, "profile_vendor", vendor="acme widgets")
    assert "4 payment rows of ACME WIDGETS, from 2025-03-02 to 2025-03-08, median 5,000.00 USD" in profile
    assert "vendor master: Acme Widgets, entered on 2024-01-05" in profile


def test_a_vendor_declared_not_to_recur_is_not_told_as_recurring(bench: Bench) -> None:
    """The master's "no" is an answer as much as its "yes"."""
    profiles = {
        name: _texts(bench, "profile_vendor", vendor=name) for name in ("Acme Widgets", "Borealis Freight")
    }
    assert {name: "declared recurring" in text for name, text in profiles.items()} == {
        "Acme Widgets": False,
        "Borealis Freight": True,
    }


def test_documents_are_found_by_words(bench: Bench) -> None:
    """The span around a word, quoted; other days hold nothing."""
    assert "email m1 of 2025-03-01: INV-3: Please wire" in _texts(
        bench, "search_documents", words="wire inv-3"
    )
    assert _keys(bench, "search_documents", words="wire", from_day="2025-03-02") == []


def test_candidates_are_near_in_amount_and_day(bench: Bench) -> None:
    """The nearest first; of a row that was shown, and of no other."""
    assert _keys(bench, "find_candidates", row="F1.R") == ["i3"]
    assert _keys(bench, "find_candidates", row="F1.R", percent=20, days=1) == []
    with pytest.raises(AskError, match="is no row"):
        _keys(bench, "find_candidates", row="F9.R")


def test_earlier_decisions_are_told(bench: Bench) -> None:
    """What people decided about the like; what nobody decided is no decision."""
    decisions = _texts(bench, "find_decisions", vendor="Acme", test="duplicate_payment")
    assert "reviewed as false_positive by omar: two deliveries" in decisions
    assert _keys(bench, "find_decisions", test="weekend_posting") == []


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("query_ledger", {"sql": "SELECT * FROM txn"}),
        ("query_ledger", {"most": 100_000}),
        ("query_ledger", {"kind": "payroll"}),
        ("query_ledger", {"amount_from": -1}),
        ("query_ledger", {"from_day": "yesterday"}),
        ("query_ledger", {"vendor": "x" * 1000}),
        ("profile_vendor", {}),
        ("find_candidates", {"row": "F1.R", "days": 100_000}),
    ],
)
def test_arguments_have_bounds(name: str, arguments: dict[str, Any]) -> None:
    """Nothing of its own making, nothing without end."""
    with pytest.raises(ValidationError):
        lookups.by_name(name).arguments.model_validate(arguments)


HOSTILE = st.one_of(
    st.text(min_size=1, max_size=100),
    st.sampled_from(["'; DROP TABLE txn; --", "%", "_", "\\", "$vendor", "read_csv('/etc/passwd')", "\x00"]),
)


@given(vendor=HOSTILE, document=HOSTILE, words=HOSTILE)
def test_whatever_is_asked_is_a_value(vendor: str, document: str, words: str) -> None:
    """No text of a model reaches the text of a query."""
    assert lookup_queries.LedgerQuery(vendor=vendor, document=document).vendor == vendor
    assert lookup_queries.DocumentSearch(words=words).words == words


@pytest.mark.parametrize("text", ["'; DROP TABLE txn; --", "%", "$most", "read_csv('/etc/passwd')", "a\x00b"])
def test_hostile_values_find_nothing_and_break_nothing(bench: Bench, text: str) -> None:
    """They are looked for like any other, and the books stay."""
    assert _keys(bench, "query_ledger", vendor=text, person=text, document=text) == []
    assert _keys(bench, "profile_vendor", vendor=text) == []
    assert _keys(bench, "search_documents", words=text) == []
    assert bench.books.count("txn") == 9
