"""Ids that come twice, and numbers that are missing, against what counting them one by one finds."""

from __future__ import annotations

import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.books import make_books
from tools.checks.runner import run_tests
from tools.rules.model import Rules
from tools.rules.test_header import load

FEWEST, DENSE = 5, 0.6
ANY_ID = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["A", "INV-", "9X"]), st.integers(0, 80)),
    st.builds("{}{:04d}".format, st.sampled_from(["A", "INV-", ""]), st.integers(25, 70)),
    st.sampled_from(["lost", "A7b", "Ä", "0", "999999999999999", "1000000000000000", "A0000000000000000"]),
)


def _findings(ids: Sequence[str | None], name: str) -> set[tuple[str, str]]:
    rows = [
        {"row_key": f"r{at:03d}", "posted_on": "2025-03-03", "amount_minor": 100 + at, "txn_id": txn_id}
        for at, txn_id in enumerate(ids)
    ]
    rules = Rules.model_validate({"tests": {"sequence_gap": {"fewest": FEWEST, "dense": DENSE}}})
    with tempfile.TemporaryDirectory() as folder, make_books(Path(folder), txn=rows) as books:
        (result,) = run_tests(books, [load("quality", name)], rules)
        assert result.status == "ran", result.reason
        return {(row["row_key"], row["partner_key"]) for row in books.rows("SELECT * FROM finding")}


def _gaps(ids: Sequence[str | None]) -> set[tuple[str, str]]:
    """Give the row after each gap and the row before it, of the sequences that are dense enough."""
    sequences = defaultdict(list)
    for at, txn_id in enumerate(ids):
        number = re.search("[0-9]{1,15}$", txn_id or "")
        if txn_id and number and not txn_id[: number.start()].endswith(tuple("0123456789")):
            sequences[txn_id[: number.start()]].append((int(number[0]), f"r{at:03d}"))
    gaps = set()
    for numbers in sequences.values():
        numbers.sort()
        if len(numbers) >= FEWEST and len(numbers) >= DENSE * (numbers[-1][0] - numbers[0][0] + 1):
            gaps |= {(b[1], a[1]) for a, b in pairwise(numbers) if b[0] > a[0] + 1}
    return gaps


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.lists(st.one_of(st.none(), ANY_ID), min_size=1, max_size=90))
def test_every_id_that_comes_again_is_named(ids: list[str | None]) -> None:
    """Whatever ids look like, each row but the first of an id is found, and nothing else."""
    first = {txn_id: f"r{ids.index(txn_id):03d}" for txn_id in ids}
    again = {
        (f"r{at:03d}", first[txn_id])
        for at, txn_id in enumerate(ids)
        if txn_id and Counter(ids)[txn_id] > 1 and first[txn_id] != f"r{at:03d}"
    }
    assert again == _findings([*ids, "only"], "repeated_id")


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.lists(st.one_of(st.none(), ANY_ID), min_size=1, max_size=90), st.sets(st.integers(0, 120)))
def test_every_gap_of_a_sequence_is_named(ids: list[str | None], taken_out: set[int]) -> None:
    """The row after each missing number is found, however its neighbours write theirs, and nothing else."""
    ids = [*ids, *(f"S{number}" for number in range(121) if number not in taken_out)]
    assert _gaps(ids) == _findings(ids, "sequence_gap")
