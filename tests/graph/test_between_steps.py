"""A process that dies after a step's work and before its checkpoint loses nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.runtime import session
from tests.graph.small import TOKENS, settings_of, write_books
from tests.waiting_desk import THREAD as WAITING
from tests.waiting_desk import copy_waiting_desk
from tools.approvals import requests
from tools.core import settings
from tools.store import open_store

THREAD = "between-steps"


class DiedError(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Give an input over small books, on a desk of its own."""
    for name, value in settings_of(tmp_path).items():
        monkeypatch.setenv(name, value)
    return {"sources": str(write_books(tmp_path))}


def dying_after(node: str) -> session.Watch:
    """Give a watcher that dies when a node has finished, before the checkpoint of its step."""

    def watch(mode: str, chunk: Any) -> None:  # noqa: ANN401 - LangGraph's own
        if mode == "tasks" and chunk["name"] == node and "input" not in chunk:
            raise DiedError

    return watch


@pytest.mark.parametrize(
    "node",
    [
        *(pytest.param(name, marks=pytest.mark.exhaustive) for name in ("open_run", "merge_findings")),
        "propose_flags",
    ],
)
def test_a_finished_step_is_gone_on_from(books: dict[str, str], node: str) -> None:
    """The run is not taken for finished: it goes on to the person."""
    with pytest.raises(DiedError):
        session.start(books, thread_id=THREAD, watch=dying_after(node))
    assert session.look(THREAD).next == (node,)
    assert session.resume(THREAD).asked is not None


def test_a_given_word_is_gone_on_from(waiting_desk: Path, books: dict[str, str]) -> None:
    """An answer that was taken counts once the run is resumed."""
    copy_waiting_desk(waiting_desk, Path(books["sources"]).parent)
    request = session.look(WAITING).asked
    assert request is not None
    words = [
        {"type": "reject", "subject": action["args"]["subject"]} for action in request["action_requests"]
    ]
    with pytest.raises(DiedError):
        session.answer(WAITING, words, token=TOKENS["dana"], watch=dying_after("await_approval"))
    standing = session.resume(WAITING)
    signed = requests.decisions(
        open_store(settings.load().database_url), standing.values["request"]["request_id"]
    )
    assert {vote.by for vote in signed} == {"dana"}
    assert len(signed) == len(words)
