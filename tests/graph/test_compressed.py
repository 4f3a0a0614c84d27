"""Checkpoints are small, and old ones are still read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from graph.runtime import session
from graph.runtime.compressed_serde import Compressed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


@given(JSON)
def test_what_goes_in_comes_out(value: object) -> None:
    """Compressed or not, by this serialiser or by the plain one."""
    assert Compressed().loads_typed(Compressed().dumps_typed(value)) == value
    assert Compressed().loads_typed(JsonPlusSerializer().dumps_typed(value)) == value


@pytest.mark.exhaustive
def test_a_run_leaves_few_bytes(books: Path) -> None:
    """To its first question a run leaves well under 100 kB, whatever the number of its rows."""
    session.start({"sources": str(books)}, thread_id="small")
    with sqlite3.connect(books.parent / "desk" / "checkpoints.db") as checkpoints:
        (checkpoint_bytes,) = checkpoints.execute(
            "SELECT sum(length(checkpoint)) FROM checkpoints"
        ).fetchone()
        (write_bytes,) = checkpoints.execute("SELECT sum(length(value)) FROM writes").fetchone()
    assert checkpoint_bytes + write_bytes < 100_000
