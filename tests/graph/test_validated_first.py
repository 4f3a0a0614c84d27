"""What is asked for is looked at before a run is begun: a mistake leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from graph.runtime import session
from tests.waiting_desk import copy_waiting_desk
from tools.core import settings
from tools.core.errors import RunError, TieoutError
from tools.store import open_store, runs, windows

Mistake = Callable[[Path], dict[str, str]]


def _write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def _without_a_column(books: Path) -> dict[str, str]:
    card = books.with_name("card.csv")
    card.write_text(card.read_text(encoding="utf-8").replace("amount", "amnt", 1), encoding="utf-8")
    return {}


def _without_a_file(books: Path) -> dict[str, str]:
    books.with_name("bank.csv").unlink()
    return {}


WRONG: dict[str, Mistake] = {
    "a day that there is not": lambda _: {"as_of": "2025-02-30"},
    "a day in words": lambda _: {"as_of": "yesterday"},
    "rules that are not there": lambda b: {"rules": str(b.with_name("none.yaml"))},
    "rules with a slip": lambda b: {"rules": _write(b.with_name("slip.yaml"), "gates: {}")},
    "sources that are not there": lambda b: {"sources": str(b.with_name("none.yaml"))},
    "sources with a slip": lambda b: {"sources": _write(b.with_name("slip.yaml"), "entity: {nam: X}")},
    "a folder for sources": lambda b: {"sources": str(b.parent)},
    "a missing file": _without_a_file,
    "a missing column": _without_a_column,
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_mistake_leaves_no_run(books: Path, wrong: Mistake) -> None:
    """Tried twice, it is said twice; no run, no claim on the books, and the next try is as the first."""
    inputs = {"sources": str(books), **wrong(books)}
    for thread in ("once", "twice"):
        with pytest.raises(TieoutError):
            session.start(inputs, thread_id=thread)
    store = open_store(settings.load().database_url)
    assert runs.list_runs(store) == []
    assert windows.watermarks(store, "Small Books Ltd") == {}


def test_books_that_another_run_holds_are_refused_without_a_trace(waiting_desk: Path, books: Path) -> None:
    """Each try names the run that holds them, and none leaves an abandoned one."""
    copy_waiting_desk(waiting_desk, books.parent)
    holder = runs.find(open_store(settings.load().database_url), "last")
    for _ in range(3):
        with pytest.raises(RunError, match=holder.run_id):
            session.start({"sources": str(books)})
    assert [run.run_id for run in runs.list_runs(open_store(settings.load().database_url))] == [holder.run_id]


def test_once_it_is_put_right_the_same_thread_goes_on(books: Path) -> None:
    """A thread whose start was refused is free for a right one."""
    with pytest.raises(TieoutError):
        session.start({"sources": str(books), "as_of": "never"}, thread_id="t")
    assert session.start({"sources": str(books), "as_of": "2025-03-31"}, thread_id="t").asked
