"""Files of a run that were cut, replaced or deleted while it waited are named before anybody signs."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.cli import main
from desk.cli.screen import err, out
from graph.runtime import session
from tests.graph.small import TOKENS, settings_of
from tools.core import settings
from tools.core.errors import RunError
from tools.runs import run_files
from tools.store import open_store, runs

Damage = Callable[[Path], None]


def cut(path: Path) -> None:
    """Lose the second half."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def replace(path: Path) -> None:
    """Put other bytes in, as many."""
    path.write_bytes(bytes(reversed(path.read_bytes())))


def delete(path: Path) -> None:
    """Take the file away."""
    path.unlink()


def delete_folder(path: Path) -> None:
    """Take the whole result away."""
    shutil.rmtree(path.parent)


FILES = ("snapshot/txn.parquet", "snapshot/manifest.json", "judged-*/flag.parquet", "suspects-*/case.parquet")
DAMAGES: tuple[Damage, ...] = (cut, replace, delete, delete_folder)


@pytest.fixture
def run(waiting_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of that run in a desk of the test's own, at which an approver sits."""
    folder = tmp_path / "copy"
    shutil.copytree(waiting_desk, folder)
    for name, value in {**settings_of(folder), "TIEOUT_TOKEN": TOKENS["dana"]}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(folder)
    run_id = runs.find(open_store(settings.load().database_url), "last").run_id
    return folder / "desk" / "runs" / run_id


def run_tieout(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run a command; give its exit code, and what it wrote."""
    out.cache_clear()
    err.cache_clear()
    code = main(arguments)
    return (code, *capsys.readouterr())


def decisions_and_status(run: Path) -> tuple[int, str]:
    """Count decisions, and give the run's status."""
    with sqlite3.connect(run.parents[1] / "tieout.db") as store:
        (decisions,) = store.execute("SELECT count(*) FROM decision").fetchone()
        (status,) = store.execute("SELECT status FROM run").fetchone()
    store.close()
    return decisions, status


@pytest.mark.parametrize(
    ("pattern", "damage"),
    [
        pytest.param(
            pattern,
            damage,
            id=f"{pattern}-{damage.__name__}",
            marks=[] if index % len(DAMAGES) == number else pytest.mark.exhaustive,
        )
        for number, pattern in enumerate(FILES)
        for index, damage in enumerate(DAMAGES)
    ],
)
def test_damage_is_named_before_anybody_signs(
    run: Path, pattern: str, damage: Damage, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is recorded, the run still waits, and `verify` finds it, too."""
    (path,) = run.glob(pattern)
    damage(path)
    code, _, error = run_tieout(capsys, "approve", "last", "--all")
    name = path.parent.name
    assert (code, decisions_and_status(run)) == (1, (0, "waiting"))
    assert f"the files of run {run.name} are not as they were written: {name}" in error
    assert f"tieout abandon {run.name}" in error
    assert "Traceback" not in error
    assert "fault of ours" not in error
    code, table, _ = run_tieout(capsys, "verify", "--csv")
    assert code == 1
    assert table.startswith(f"run_id,seq,what\n{run.name},0,")
    assert name in table


def test_what_was_put_back_goes_on(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the files as they were the same command is taken, and every trail and file verifies."""
    shutil.copytree(run, run.with_name("backup"))
    shutil.rmtree(run / "snapshot")
    assert run_tieout(capsys, "approve", "last", "--all")[0] == 1
    shutil.copytree(run.with_name("backup") / "snapshot", run / "snapshot")
    shutil.rmtree(run.with_name("backup"))
    code, _, error = run_tieout(capsys, "approve", "last", "--all")
    assert code in (0, 3), error
    assert decisions_and_status(run)[0] > 0
    assert run_tieout(capsys, "verify")[0] == 0


def test_rules_that_somebody_edited_are_the_stores_again(run: Path) -> None:
    """The copy in the run's folder decides nothing: lowered in it, a quorum is as it was agreed."""
    rules = run / "rules.json"
    before = rules.read_text(encoding="utf-8")
    for text in (before.replace('"expires_hours": 24.0', '"expires_hours": 1.0'), "no rules", None):
        rules.unlink()
        if text is not None:
            rules.write_text(text, encoding="utf-8")
        run_files.require(open_store(settings.load().database_url), settings.load(), run.name)
        assert rules.read_text(encoding="utf-8") == before


def test_an_emptied_workspace_is_named(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A new folder under the old name is not the workspace that the run was begun with."""
    shutil.rmtree(run.parent)
    code, _, error = run_tieout(capsys, "approve", "last", "--all")
    assert (code, decisions_and_status(run)) == (1, (0, "waiting"))
    assert "setting WORKSPACE_URL: the files of run" in error
    assert "Name the workspace that the run was begun with" in error
    with pytest.raises(RunError, match="WORKSPACE_URL"):
        session.answer("t1", [{"type": "approve"}], token=TOKENS["dana"])
