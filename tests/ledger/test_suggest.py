"""What somebody may have meant, in a message that stays readable."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tools.ledger.suggest import remedy_of


def test_the_closest_name_is_proposed_and_all_are_listed() -> None:
    """A slip is put right; what is far from everything gets the list alone."""
    assert remedy_of("ammount", ["day", "amount"]) == "Did you mean 'amount'? There are: day, amount."
    assert remedy_of("vendor", ["day", "sum"]) == "There are: day, sum."
    assert remedy_of("vendor", []) == "There are none."


def test_a_file_that_is_no_text_is_told_from_a_table() -> None:
    """Of a workbook or a program that is read as CSV, the message shows none of its bytes."""
    assert remedy_of("day", ["\x7fELF\0\0", "b"]) == (
        "It is no text, so no CSV file: export the table as CSV or Parquet."
    )


@given(st.lists(st.text(st.characters(exclude_characters="\0"), min_size=1)), st.text())
def test_a_message_stays_short(names: list[str], word: str) -> None:
    """However wide a table is, or however long its names are, at most 30 of 40 characters are listed."""
    listed = remedy_of(word, [name * 50 for name in names]).partition("There are")[2]
    assert len(listed) <= 30 * 42 + 30
