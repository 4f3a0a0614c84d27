"""Audits of many companies: put down at once, done by the workers, one desk's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from desk.task_kinds import KINDS
from graph.runtime.worker import Worker, work
from tests.graph.small import settings_of, write_books
from tools.audit import company_audits
from tools.audit.company_audits import CompanyOrders
from tools.core import settings
from tools.core.settings import Settings
from tools.store import Store, flags, open_store, runs

MIDDLE, END = date(2025, 3, 15), date(2025, 3, 31)


def test_each_company_is_audited_once_for_each_period(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Periods in their order, each in a run of its own, for who asked; the same again is nothing new.

    Books that cannot be read, and a second file of one entity, are named and stop no other.
    """
    for name, value in settings_of(tmp_path).items():
        monkeypatch.setenv(name, value)
    write_books(tmp_path / "a", entity="Alder")
    write_books(tmp_path / "b", entity="Birch")
    write_books(tmp_path / "c", entity="Alder")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "sources.yaml").write_text("entity: {name: Dune}", encoding="utf-8")
    for file in ("users.yaml", "rules.yaml"):
        (tmp_path / file).write_bytes((tmp_path / "a" / file).read_bytes())
    limits = settings.load()
    store = open_store(limits.database_url)
    first = _put_down(store, limits, tmp_path)
    again = _put_down(store, limits, tmp_path)
    assert (first.new, first.earlier, again.new, again.earlier) == (2, 0, 0, 2)
    assert ["Alder" in first.refusals[0], "d/sources.yaml" in first.refusals[1]] == [True, True]
    work(Worker(name="w", store=store, settings=limits, kinds=KINDS, once=True))
    audits = [(run.entity, run.window_to, run.started_by) for run in reversed(runs.list_audits(store))]
    assert audits == [(name, day, "dana") for name in ("Alder", "Birch") for day in (MIDDLE, END)]
    flagged = {run.entity for run in runs.list_audits(store) if flags.count(store, run_id=run.run_id)}
    assert flagged == {"Alder", "Birch"}


def _put_down(store: Store, limits: Settings, folder: Path) -> CompanyOrders:
    return company_audits.put_down(store, limits, [folder], [END, MIDDLE], rules=None, starter="dana")
