"""Books that a cluster's machines read are the books that are read here."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import deltalake
import pyarrow as pa
import pytest

from tools import ledger
from tools.books.elsewhere import Machines, Outcome, Stage, TaskMemory, Unit
from tools.books.engine import Books
from tools.checks.reconciliation import groups_elsewhere, pairs_elsewhere, size_limits
from tools.checks.reconciliation.reconcile import reconcile
from tools.core.errors import SourcesError
from tools.core.settings import Settings
from tools.ledger import reading_elsewhere, sources
from tools.ledger.readers import file_parts
from tools.ledger.window import Window
from tools.rules.model import Rules

LIMITS = Settings(engine_threads=1)
WINDOW = Window({}, date(2025, 12, 31))
DECLARED = """
entity: {name: Harbour, currency: USD}
sources:
  bank:
    kind: bank
    path: bank_*.csv
    columns: &columns {txn_id: id, posted_on: day, amount: amount, reference: ref}
  ledger: {kind: ledger, path: ledger.csv, columns: *columns}
pairs: [{name: cash, left: bank, right: ledger, mode: full}]
"""
TABLES = ("finding", "match", "break", "evidence", "weight", "learned_alias")


class SecondAttempts:
    """Machines that lose each unit once: what a first attempt wrote stays behind, the second one counts."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []

    def run(self, stage: str, work: Callable[[Unit], Outcome], units: Sequence[Unit]) -> list[Outcome]:
        """Run each unit twice, as another process would be given it."""
        self.stages.append(Stage(stage, len(units), 0.0))
        for unit in units:
            work(pickle.loads(pickle.dumps(unit)))  # noqa: S301 - our own
        return [pickle.loads(pickle.dumps(work(unit))) for unit in units]  # noqa: S301 - our own


@pytest.fixture
def declared(tmp_path: Path) -> sources.Sources:
    """Write a bank's two files, with a day that is none and a copy in both, and the ledger beside them."""
    lines = [f"{n},2025-03-{n % 28 + 1:02},-{n}.50,R{n}" for n in range(1, 60)]
    files = {
        "bank_1.csv": [*lines[:30], "77,2025-13-40,-5.00,R77"],
        "bank_2.csv": [*lines[29:]],
        "ledger.csv": [f"L{line}" for line in lines[3:]],
    }
    for name, rows in files.items():
        (tmp_path / name).write_text("\n".join(["id,day,amount,ref", *rows, ""]), encoding="utf-8")
    (tmp_path / "sources.yaml").write_text(DECLARED, encoding="utf-8")
    return sources.load(tmp_path / "sources.yaml")


def test_books_read_and_matched_elsewhere_are_the_same(declared: sources.Sources, tmp_path: Path) -> None:
    """Row keys, rejected rows, totals, matches and breaks are as here, once, though each unit ran twice."""
    here = ledger.read(declared, WINDOW, LIMITS, tmp_path / "here")
    machines = SecondAttempts()
    there = ledger.read(declared, WINDOW, LIMITS, tmp_path / "there", executors=machines)
    assert (there.tables, there.present, there.notes) == (here.tables, here.present, here.notes)
    assert here.tables["rejected"].rows == 1
    scratch = tmp_path / "matching"
    scratch.mkdir()
    expected = _reconciled(tmp_path / "here", None)
    assert _reconciled(tmp_path / "there", Machines(machines, scratch, TaskMemory("1GB"))) == expected
    assert [stage.name for stage in machines.stages] == [
        "reading",
        "writing tables",
        "writing the snapshot",
        "matching",
    ]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["here", "matching", "there"]


def test_a_long_pair_in_groups_is_matched_alike(
    declared: sources.Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys matched in one task, groups in many, breaks named in another: the same matches and breaks."""
    lines = (tmp_path / "ledger.csv").read_text(encoding="utf-8").splitlines()
    twins = [f"T{n},2025-03-{n // 2 % 4 + 1:02},-{100 + n // 2}.17," for n in range(60)]
    (tmp_path / "ledger.csv").write_text("\n".join([*lines, *twins, ""]), encoding="utf-8")
    bank = [f"U{n},2025-03-{n // 2 % 4 + 3 + n % 2:02},-{100 + n // 2}.17," for n in range(60)]
    (tmp_path / "bank_3.csv").write_text("\n".join(["id,day,amount,ref", *bank, ""]), encoding="utf-8")
    ledger.read(declared, WINDOW, LIMITS, tmp_path / "here")
    expected = _reconciled(tmp_path / "here", None)
    monkeypatch.setattr(size_limits, "PAIR_OF_A_TASK", 10)
    monkeypatch.setattr(groups_elsewhere, "TASK", 4)
    machines, scratch = SecondAttempts(), tmp_path / "matching"
    scratch.mkdir()
    assert _reconciled(tmp_path / "here", Machines(machines, scratch, TaskMemory("1GB"))) == expected
    stages = {stage.name: stage.units for stage in machines.stages}
    assert (stages["matching"], stages["naming breaks"]) == (1, 1)
    assert stages["matching groups"] > 1


def test_a_file_in_parts_is_one_file(
    declared: sources.Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read in parts has the row keys, the rejected rows and the totals of one file."""
    many = "".join(f"L{n},2025-03-{n % 33},-{n}.50,R{n}\n" for n in range(4_000))
    (tmp_path / "ledger.csv").write_text(f"id,day,amount,ref\n{many}", encoding="utf-8")
    here = ledger.read(declared, WINDOW, LIMITS, tmp_path / "here")
    monkeypatch.setattr(reading_elsewhere, "PART", 20_000)
    monkeypatch.setattr(file_parts, "BLOCK", 10_000)
    machines = SecondAttempts()
    there = ledger.read(declared, WINDOW, LIMITS, tmp_path / "there", executors=machines)
    assert (there.tables, there.present, there.notes) == (here.tables, here.present, here.notes)
    assert here.tables["rejected"].rows > 200
    assert [(stage.name, stage.units) for stage in machines.stages][:2] == [
        ("cutting large files", 1),
        ("reading", 7),
    ]


def test_tables_of_databases_are_read_by_the_machines(
    declared: sources.Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lake's table and two tables of one database, whose place is a secret: the rows that are read here."""
    monkeypatch.setenv("BOOKS_URL", f"sqlite:///{tmp_path}/books.db")
    with sqlite3.connect(tmp_path / "books.db") as books:
        for table in ("bank", "card"):
            books.execute(f"CREATE TABLE {table} (id TEXT, day TEXT, amount TEXT, ref TEXT)")
            posted = [(f"{table}{n}", f"2025-03-{n % 33:02}", f"-{n}.50", f"R{n}") for n in range(40)]
            books.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", posted)  # noqa: S608 - fixed names
    rows = pa.table({"id": ["L1"], "day": [date(2025, 3, 2)], "amount": ["-1.50"], "ref": ["R1"]})
    deltalake.write_deltalake(str(tmp_path / "lake"), rows)
    columns = "columns: {txn_id: id, posted_on: day, amount: amount, reference: ref}"
    lines = [
        f"  {kind}: {{kind: {kind}, url: '${{BOOKS_URL}}', table: {kind}, {columns}}}"
        for kind in ("bank", "card")
    ]
    lines.append(f"  ledger: {{kind: ledger, url: 'delta+file:///{tmp_path}/lake', {columns}}}")
    text = "entity: {name: Harbour, currency: USD}\nsources:\n" + "\n".join(lines) + "\n"
    (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
    declared, machines = sources.load(tmp_path / "sources.yaml"), SecondAttempts()
    here = ledger.read(declared, WINDOW, LIMITS, tmp_path / "here")
    there = ledger.read(declared, WINDOW, LIMITS, tmp_path / "there", executors=machines)
    assert (there.tables, there.notes, there.versions) == (here.tables, here.notes, here.versions)
    assert (here.tables["txn"].rows, here.tables["rejected"].rows) == (75, 6)
    assert [(stage.name, stage.units) for stage in machines.stages][:2] == [
        ("reading", 0),
        ("reading databases", 2),
    ]


def test_a_file_that_no_machine_sees_is_named(declared: sources.Sources, tmp_path: Path) -> None:
    """The error says which file, and where books have to lie."""

    class Blind(SecondAttempts):
        def run(self, stage: str, work: Callable[[Unit], Outcome], units: Sequence[Unit]) -> list[Outcome]:
            (tmp_path / "ledger.csv").unlink(missing_ok=True)
            return super().run(stage, work, units)

    with pytest.raises(SourcesError, match=r"ledger\.csv: .*do not see it.*every machine mounts alike"):
        ledger.read(declared, WINDOW, LIMITS, tmp_path / "there", executors=Blind())


def _reconciled(folder: Path, machines: Machines | None) -> dict[str, object]:
    with Books.open(folder, LIMITS) as books:
        books.machines = machines
        result = reconcile(books, sources.of(books), Rules())
        assert set(pairs_elsewhere.TABLES) - {"settled"} <= set(TABLES)
        return {name: books.digest(name) for name in TABLES} | {"papers": result.statements}
