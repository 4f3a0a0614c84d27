"""What is no input of the audit is refused in plain words, and begins nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from graph.audit import build
from tests.graph.test_audit import Desk
from tools.core import settings
from tools.core.errors import UsageError
from tools.store import open_store, runs

CONFIG: RunnableConfig = {"configurable": {"thread_id": "t"}}
NO_INPUT: dict[str, Any] = {
    "an empty object": {},
    "a number": 5,
    "a list": [],
    "a text": "samples/sources.yaml",
    "nothing on a new thread": None,
    "sources that are a number": {"sources": 5},
    "sources that are a list": {"sources": ["a"]},
    "a key that there is not": {"sources": "a.yaml", "asof": "2025-01-01"},
    "a key that is no word": {"sources": "a.yaml", 5: 5},
    "a decision slipped in": {"sources": "a.yaml", "answers": {}},
    "a command without an answer": Command(resume=None),
    "an empty command": Command(),
}


@pytest.mark.parametrize("put_in", NO_INPUT.values(), ids=NO_INPUT)
def test_it_is_refused_and_begins_nothing(books: Path, put_in: Any) -> None:  # noqa: ANN401 - whatever a caller hands in
    """By `invoke` and by `stream`, an error of ours says what a run takes; the store knows of no run."""
    assert books.is_file()
    with pytest.raises(UsageError):
        build(InMemorySaver()).invoke(put_in, CONFIG)
    with pytest.raises(UsageError):
        list(build(InMemorySaver()).stream(put_in, CONFIG))
    assert runs.list_runs(open_store(settings.load().database_url)) == []


def test_an_answer_of_nothing_leaves_the_question(books: Path) -> None:
    """On a run that waits, `resume=None` is refused and what it asks stays."""
    desk = Desk(books)
    desk.waiting_for_people()
    audit = desk.audit
    before = audit.get_state(CONFIG).interrupts
    with pytest.raises(UsageError, match="it has a resume"):
        audit.invoke(Command(resume=None), CONFIG)
    assert before
    assert audit.get_state(CONFIG).interrupts == before
