"""A desk that works is backed up, destroyed and restored; who was asked before answers afterwards."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.desk.shell import environment_with, tieout
from tests.graph.small import TOKENS, settings_of, write_books
from tests.postgres import Cluster
from tests.processes import start
from tests.tasks.task_workers import until
from tools.core.settings import load
from tools.runs import tasks
from tools.store import open_store, trail

Destroy = Callable[[], None]
Desk = tuple[Path, dict[str, str], Destroy]


@pytest.fixture(params=["postgresql", pytest.param("sqlite", marks=pytest.mark.exhaustive)])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """Give a desk's folder, its settings, and what destroys all that it remembers."""
    folder = tmp_path / "home"
    write_books(folder)
    environment = settings_of(folder)
    if request.param == "sqlite":
        yield folder, environment, lambda: shutil.rmtree(folder / "desk")
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    names = {"DATABASE_URL": cluster.create(), "CHECKPOINT_URL": cluster.create()}
    environment |= {variable: cluster.url(name) for variable, name in names.items()}

    def destroy() -> None:
        shutil.rmtree(folder / "desk")
        shutil.rmtree(folder / ".tieout")
        for name in names.values():
            cluster.drop(name)
            cluster.create(name=name)

    yield folder, environment, destroy
    for name in names.values():
        cluster.drop(name)


@contextmanager
def writing(folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """Have another process write to the store all the while."""
    outputs = folder / "writer.out", folder / "writer.err"
    child = start(_write, cwd=folder, environment=environment_with(**environment), outputs=outputs)
    until((folder / "written").exists)
    try:
        yield
        assert child.exitcode is None, outputs[1].read_text()
    finally:
        child.kill()
        child.join()


def _write() -> None:
    store = open_store(load().database_url)
    while True:
        tasks.enqueue(store, "later", {}, delay_seconds=3600)
        trail.append(store, trail.DESK, "tieout", "did something meanwhile")
        Path("written").touch()
        time.sleep(0.05)


def test_a_restored_desk_goes_on_where_it_was(desk: Desk, tmp_path: Path) -> None:
    """Backed up while another process writes: the trail is whole, two people close the run that waits."""
    folder, environment, destroy = desk
    assert tieout("audit", "sources.yaml", cwd=folder, **environment).returncode == 3
    (run,) = {
        row["run_id"] for row in json.loads(tieout("approvals", "--json", cwd=folder, **environment).stdout)
    }
    with writing(folder, environment):
        saved = tieout("backup", str(tmp_path / "backups"), cwd=folder, **environment)
    assert saved.returncode == 0, saved.stderr
    place = saved.stdout.strip()
    assert Path(place).stat().st_mode & 0o777 == 0o700
    refused = tieout("restore", place, cwd=folder, **environment)
    assert (refused.returncode, "a restore overwrites nothing" in refused.stderr) == (1, True)

    destroy()
    restored = tieout("restore", place, cwd=folder, **environment)
    assert restored.returncode == 0, restored.stderr
    assert "The trail, all tables" in restored.stderr
    for user, code in (("dana", 3), ("omar", 0)):
        signed = tieout("approve", run, "--all", cwd=folder, **environment, TIEOUT_TOKEN=TOKENS[user])
        assert signed.returncode == code, signed.stderr
    assert tieout("verify", cwd=folder, **environment).returncode == 0


def test_a_backup_that_was_changed_is_not_restored(tmp_path: Path) -> None:
    """One file that is not as it was, or is missing, is named, and nothing is put back."""
    folder = tmp_path / "home"
    write_books(folder)
    environment = settings_of(folder)
    assert tieout("runs", cwd=folder, **environment).returncode == 0
    place = Path(tieout("backup", str(tmp_path / "backups"), cwd=folder, **environment).stdout.strip())
    shutil.rmtree(folder / "desk")
    for change, message in (
        (lambda: (place / "users.yaml").write_text("users: {}"), "this file is not as it was backed up"),
        ((place / "users.yaml").unlink, "this is no whole backup"),
    ):
        change()
        refused = tieout("restore", str(place), cwd=folder, **environment)
        assert (refused.returncode, message in refused.stderr) == (1, True), refused.stderr
        assert not (folder / "desk").exists()


def test_what_cannot_be_backed_up_is_said(tmp_path: Path) -> None:
    """A store that is not there, a folder that cannot be made: one sentence, and nothing half done."""
    missing = tieout("backup", "backups", cwd=tmp_path, DATABASE_URL="sqlite:///none.db")
    assert (missing.returncode, missing.stderr) == (
        1,
        "tieout: none.db: there is no such database. Check its URL.\n",
    )
    (tmp_path / "file").touch()
    blocked = tieout("backup", "file", cwd=tmp_path)
    assert (blocked.returncode, "it cannot be used" in blocked.stderr) == (1, True)
    assert not any((tmp_path / "backups").iterdir())
