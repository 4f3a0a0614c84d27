"""Stores and checkpoints that are gone, read-only, damaged or away: each is named, with what helps."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from desk.cli import main
from desk.cli.screen import err, out
from desk.web.app import pages
from graph.runtime import session
from tests.graph.small import TOKENS, settings_of, write_books
from tests.postgres import Cluster
from tests.processes import ROOT
from tools.store import close_stores

Fault = Callable[[Path], None]
NOBODY_UID = 65534


@pytest.fixture
def desk(waiting_desk: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a copy of that desk in a folder that other users reach, at which an approver sits."""
    with TemporaryDirectory(prefix="tieout-desk-") as parent:
        folder = Path(parent, "copy")
        shutil.copytree(waiting_desk, folder)
        for path in (Path(parent), folder, *folder.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        for name in ("tieout.db", "checkpoints.db"):  # what is in the log goes into the file
            connection = sqlite3.connect(folder / "desk" / name)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
        environment = {
            **settings_of(folder),
            "TIEOUT_TOKEN": TOKENS["dana"],
            "COLUMNS": "250",
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(folder)
        yield folder
        close_stores()


def approve(capsys: pytest.CaptureFixture[str]) -> str:
    """Approve in this process; give what was said of it."""
    out.cache_clear()
    err.cache_clear()
    assert main(["approve", "last", "--all"]) == 1
    captured = capsys.readouterr()
    return captured.out + captured.err


def approve_as_nobody(folder: Path) -> str:
    """Approve as a user whom modes of files stop: root passes by them."""
    user = (
        ["setpriv", f"--reuid={NOBODY_UID}", f"--regid={NOBODY_UID}", "--clear-groups"]
        if os.getuid() == 0
        else []
    )
    completed = subprocess.run(
        [*user, sys.executable, "-m", "desk.cli", "approve", "last", "--all"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert completed.returncode == 1
    return completed.stdout + completed.stderr


def decisions(folder: Path) -> list[tuple[str, int]]:
    """Give the run's status, and how many decisions were recorded."""
    store = sqlite3.connect(folder / "desk" / "tieout.db")
    rows = store.execute("SELECT status, (SELECT count(*) FROM decision) FROM run").fetchall()
    store.close()
    return rows


def remove(path: Path) -> None:
    """Take a database away with what belongs to it."""
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


def forbid(path: Path) -> None:
    """Let nobody read it."""
    path.chmod(0)


def forbid_writing(path: Path) -> None:
    """Let nobody write it, nor anything beside it."""
    path.chmod(0o444)
    path.parent.chmod(0o555)


def cut(path: Path) -> None:
    """Lose all but the beginning."""
    path.write_bytes(path.read_bytes()[:5000])


def overwrite(path: Path) -> None:
    """Put something else in its place."""
    path.write_bytes(b"no database " * 1000)


@pytest.mark.parametrize(
    ("name", "fault", "words"),
    [
        ("checkpoints.db", remove, "no checkpoint of this run is kept in sqlite:///"),
        ("checkpoints.db", cut, "the checkpoints' database is damaged"),
        ("checkpoints.db", overwrite, "the checkpoints' database is no database"),
        ("tieout.db", cut, "the store is damaged"),
        ("tieout.db", overwrite, "the store is no database"),
    ],
)
def test_a_broken_file_is_named(
    desk: Path, name: str, fault: Fault, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever answers is told which file it is and what helps; nothing is recorded of the answer."""
    before = decisions(desk)
    fault(desk / "desk" / name)
    text = approve(capsys)
    assert words in text
    assert "Traceback" not in text
    assert "fault of ours" not in text
    if name == "checkpoints.db":
        assert " says approve" not in text
        assert decisions(desk) == before == [("waiting", 0)]


@pytest.mark.parametrize(
    ("name", "fault", "words"),
    [
        ("checkpoints.db", forbid, "the checkpoints' database cannot be opened"),
        pytest.param("runs/workspace.json", forbid, "setting WORKSPACE_URL", marks=pytest.mark.exhaustive),
        pytest.param("tieout.db", forbid, "the store cannot be opened", marks=pytest.mark.exhaustive),
        ("tieout.db", forbid_writing, "the store is read-only"),
    ],
)
def test_a_file_that_may_not_be_used_is_named(desk: Path, name: str, fault: Fault, words: str) -> None:
    """The modes of files stop a user: it is said of which file, and what helps."""
    fault(desk / "desk" / name)
    text = approve_as_nobody(desk)
    (desk / "desk").chmod(0o777)
    assert words in text
    assert "Traceback" not in text
    assert "fault of ours" not in text


def test_pages_say_what_is_wrong(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page over a store that is no store answers 503, with a page's headers and what helps."""
    monkeypatch.delenv("TIEOUT_TOKEN")
    overwrite(desk / "desk" / "tieout.db")
    with TestClient(
        Starlette(routes=[Mount("/desk", pages())]), base_url="http://127.0.0.1", client=("127.0.0.1", 5)
    ) as browser:
        for path in ("/desk/", "/desk/runs", "/desk/approvals", "/desk/health"):
            answer = browser.get(path)
            assert answer.status_code == 503, path
            assert "store is no database" in answer.text
            assert "Put it back from a backup" in answer.text
            assert "default-src" in answer.headers["content-security-policy"]


def test_postgresql_that_stops_is_named(
    postgres: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off in the middle of a run it is said in one sentence; the run goes on when it is back."""
    write_books(tmp_path)
    names = postgres.create(), postgres.create()
    environment = {
        **settings_of(tmp_path),
        "DATABASE_URL": postgres.url(names[0]),
        "CHECKPOINT_URL": postgres.url(names[1]),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    close_stores()
    url = postgres.url(names[1]).replace("+psycopg", "")
    cut_off: list[str] = []

    def watch(mode: str, _chunk: object) -> None:
        if mode == "updates" and not cut_off:
            cut_off.append(mode)
            with psycopg.connect(url.replace(names[1], "postgres"), autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [names[1]]
                )

    with pytest.raises(Exception, match=r"CHECKPOINT_URL .*locked or away.*Try again"):
        session.start({"sources": str(tmp_path / "sources.yaml")}, thread_id="pg", watch=watch)
    assert session.resume("pg").asked is not None
    close_stores()
    for name in names:
        postgres.drop(name)
