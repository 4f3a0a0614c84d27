"""What equal references settle: a key that stands once on either side, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.books import make_books
from tools.checks.reconciliation.one_to_one import equal_keys
from tools.checks.reconciliation.sides import items
from tools.ledger.sources import Entity, Pair, Source, Sources

Row = tuple[str, int, str | None]  # side, amount, reference
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["left", "right"]), st.sampled_from([100, 250]), st.sampled_from(["A", "B", None])
    ),
    max_size=9,
)
CROWD: list[Row] = [(side, 100, "A") for side in ("left", "right") for _ in range(4)]
ALONE: list[Row] = [("left", 100, "B"), ("right", 100, "B")]


def settled(rows: list[Row]) -> list[tuple[str, str]]:
    """Settle rows of one day by their references; give the keys of the pairs."""
    given_rows = [
        {"row_key": str(at), "txn_id": str(at), "source": side, "posted_on": "2025-01-06",
         "amount_minor": amount, "reference": reference}
        for at, (side, amount, reference) in enumerate(rows)
    ]  # fmt: skip
    source, pair = Source(kind="card", path="none.csv"), Pair(name="pair", left="left", right="right")
    sources = Sources(entity=Entity(name="Test"), sources={"left": source, "right": source}, pairs=[pair])
    with (
        TemporaryDirectory() as folder,
        make_books(Path(folder), txn=given_rows, as_of="2025-01-31") as books,
    ):
        items.prepare(books)
        items.load(books, sources, pair)
        equal_keys.match(books, pair)
        claims = books.rows(
            "SELECT l.row_key AS l, r.row_key AS r FROM claim c JOIN posting l ON l.id = c.left_id "
            "JOIN posting r ON r.id = c.right_id ORDER BY ALL"
        )
        opened = {
            row["row_key"] for row in books.rows("SELECT row_key FROM wide SEMI JOIN open USING (side, id)")
        }
    claimed = [(row["l"], row["r"]) for row in claims]
    assert {str(at) for at in range(len(rows))} - {key for pair_ in claimed for key in pair_} == opened
    return claimed


@settings(max_examples=25, deadline=None)
@given(ROWS)
@example(CROWD + ALONE)
def test_only_what_stands_alone_is_settled(rows: list[Row]) -> None:
    """A reference and amount that stand once on each side are a pair, also where others are crowded."""
    keys = Counter((side, amount, reference) for side, amount, reference in rows if reference)
    expected = sorted(
        (str(at_left), str(at_right))
        for at_left, (side, amount, reference) in enumerate(rows)
        for at_right, row in enumerate(rows)
        if side == "left" and reference and row == ("right", amount, reference)
        if keys[side, amount, reference] == keys[row] == 1
    )
    assert expected == settled(rows)
