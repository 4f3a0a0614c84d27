"""Books that were corrected are audited again in place of the run that waits, and nothing is raised twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from graph.runtime import session
from tests.graph.small import TOKENS
from tests.waiting_desk import copy_waiting_desk
from tools.audit import read_again
from tools.core import settings
from tools.core.errors import IdentityError, RunError, UsageError
from tools.ledger import sources as declared
from tools.store import Store, flags, open_store, runs, trail


def _undecided(store: Store) -> Counter[str]:
    return Counter(flag.row_key for flag in flags.find(store, status="proposed", limit=1000))


def test_corrected_books_supersede_the_run_that_waits(waiting_desk: Path, books: Path) -> None:
    """The first try names the command; with it, the new run has every flag, and the old one gave way."""
    copy_waiting_desk(waiting_desk, books.parent)
    store = open_store(settings.load().database_url)
    first = runs.find(store, "last")
    before = _undecided(store)
    value = yaml.safe_load(books.read_text(encoding="utf-8"))
    value["sources"]["card"]["look_back_days"] = 3
    books.write_text(yaml.safe_dump(value), encoding="utf-8")
    with pytest.raises(RunError) as refusal:
        session.start({"sources": str(books)}, token=TOKENS["riley"])
    assert f"tieout audit {books} --again" in refusal.value.remedy
    plan = read_again.plan(store, settings.load(), declared.load(books), None)
    assert plan[0] == f"Changed since run {first.run_id}: source card: look_back_days"

    again = {"sources": str(books), "again_from": read_again.BEGINNING}
    second = session.start(again, token=TOKENS["riley"])
    assert second.asked
    assert runs.get(store, first.run_id).status == "abandoned"
    assert read_again.SUPERSEDED in [entry["action"] for entry in trail.entries(store, first.run_id)]
    assert {flag.run_id for flag in flags.find(store, status="proposed", limit=1000)} == {second.run_id}
    assert _undecided(store) == before
    assert trail.verify(store) == []


def test_a_run_of_somebody_else_gives_way_to_an_approver_alone(waiting_desk: Path, books: Path) -> None:
    """An auditor who did not start the run that waits is refused before anything is done."""
    copy_waiting_desk(waiting_desk, books.parent)
    first = runs.find(open_store(settings.load().database_url), "last")
    again = {"sources": str(books), "again_from": "2025-01-01"}
    with pytest.raises(IdentityError, match="kim did not start it"):
        session.start(again, token=TOKENS["kim"])
    assert runs.get(open_store(settings.load().database_url), first.run_id).status == "waiting"
    with pytest.raises(UsageError, match="is not a day"):
        session.start({"sources": str(books), "again_from": "soon"})
