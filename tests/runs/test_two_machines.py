"""Two machines at one desk: any of them goes on with any run, or is told why it cannot."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk.cli import main
from tests.desk.shell import environment_with
from tests.graph.small import TOKENS, settings_of, write_books
from tests.postgres import VERSIONS, Cluster
from tests.processes import ROOT, run_process
from tests.runs.s3 import s3_server
from tools.approvals import requests
from tools.store import Store, connect, runs, trail

PAGE = ROOT / "docs" / "postgresql.md"
KEY = "a key for tests only"


@dataclass(frozen=True)
class Machine:
    """A folder with its settings, as a machine has them."""

    folder: Path
    environment: dict[str, str]

    def tieout(self, *arguments: str, user: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command on this machine."""
        token = {"TIEOUT_TOKEN": TOKENS[user]} if user else {}
        environment = environment_with(**{**self.environment, **token, **more, "COLUMNS": "250"})
        return run_process(main, arguments, cwd=self.folder, environment=environment)


MakeMachine = Callable[..., Machine]


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """Give the sources file of small books that both machines see."""
    return write_books(tmp_path / "books")


@pytest.fixture
def databases(postgres: Cluster) -> Iterator[dict[str, str]]:
    """Give the settings that name the desk's databases."""
    names = postgres.create(), postgres.create()
    yield {"DATABASE_URL": postgres.url(names[0]), "CHECKPOINT_URL": postgres.url(names[1])}
    for name in names:
        postgres.drop(name)


@pytest.fixture
def machine(tmp_path: Path, books: Path, databases: dict[str, str]) -> MakeMachine:
    """Make a machine of the desk, with settings of its own."""

    def make(name: str, **more: str) -> Machine:
        folder = tmp_path / name
        folder.mkdir()
        shared = settings_of(books.parent) | databases | {"TIEOUT_TRAIL_KEY": KEY}
        return Machine(folder, {**shared, "WORKSPACE_URL": "runs", **more})

    return make


@pytest.fixture
def store(databases: dict[str, str]) -> Iterator[Store]:
    """Give the desk's store, to look at."""
    opened = connect(databases["DATABASE_URL"])
    yield opened
    opened.close()


@pytest.mark.exhaustive
def test_a_workspace_out_of_sight_is_refused(
    machine: MakeMachine, books: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second machine with a folder of its own answers, resumes and begins nothing; the first one does."""
    monkeypatch.setenv("TIEOUT_TRAIL_KEY", KEY)
    first, second = machine("first"), machine("second")
    begun = first.tieout("audit", str(books), user="riley")
    assert begun.returncode == 3, begun.stderr
    run = runs.find(store, "last")
    before = trail.entries(store, run.run_id)
    for command in (("approve", "last", "--all"), ("audit", str(books))):
        refused = second.tieout(*command, user="dana")
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr
        assert f"setting WORKSPACE_URL: the files of run {run.run_id} are in the workspace" in refused.stderr
        assert str(first.folder / "runs") in refused.stderr
    assert trail.entries(store, run.run_id) == before
    assert [(row.run_id, row.status) for row in runs.list_runs(store)] == [(run.run_id, "waiting")]
    request = requests.open_for(store, run.run_id)
    assert request
    assert requests.decisions(store, request.request_id) == []
    approved = first.tieout("approve", "last", "--all", user="dana")
    assert approved.returncode in (0, 3), approved.stderr


def test_machines_share_a_workspace_in_s3(
    machine: MakeMachine, books: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One audits, the other approves from its own copy, by turns to the end; all of it verifies on both."""
    monkeypatch.setenv("TIEOUT_TRAIL_KEY", KEY)
    with s3_server() as s3:
        shared = {**s3, "WORKSPACE_URL": "s3://desk/runs"}
        first, second = machine("first", **shared), machine("second", **shared)
        begun = first.tieout("audit", str(books), user="riley")
        assert begun.returncode == 3, begun.stderr
        run_id = runs.find(store, "last").run_id
        shutil.rmtree(first.folder / ".tieout" / "cache")  # it may go at any time
        turns = iter(((second, "dana"), (first, "omar")))
        while runs.get(store, run_id).status == "waiting":
            desk, user = next(turns)
            desk.tieout("approve", "last", "--all", user=user)
        assert runs.get(store, run_id).status == "closed"
        for desk in (first, second):
            verified = desk.tieout("verify")
            assert verified.returncode == 0, verified.stdout
        (copy,) = second.folder.glob(f".tieout/cache/*/{run_id}/snapshot/txn.parquet")
        copy.write_bytes(b"other rows")
        assert "snapshot/txn.parquet has 10 bytes" in second.tieout("verify", "--csv").stdout


@pytest.mark.exhaustive
def test_the_page_leads_from_nothing_to_two_machines(
    postgres: Cluster, tmp_path: Path, books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its commands, with its example names replaced, make a desk on which a second machine approves."""
    monkeypatch.setenv("TIEOUT_TRAIL_KEY", KEY)
    blocks = _blocks()
    (binaries, *_) = sorted(VERSIONS.glob("*/bin"), reverse=True)
    administrator = {"PGHOST": "127.0.0.1", "PGPORT": str(postgres.port), "PGUSER": "tieout"}
    path = f"{ROOT / '.venv' / 'bin'}:{binaries}:{os.environ['PATH']}"
    (tmp_path / "mnt").mkdir()
    for name in ("users.yaml", "rules.yaml"):
        shutil.copy(books.parent / name, tmp_path / "mnt")
    (tmp_path / "mnt" / "books").symlink_to(books.parent)

    def follow(title: str, folder: str, **more: str) -> list[int]:
        (tmp_path / folder).mkdir(exist_ok=True)
        codes = []
        for block in blocks[title]:
            text = block.replace("db.example:5432", f"127.0.0.1:{postgres.port}").replace(
                "the-key-of-above", KEY
            )
            text = text.replace("/mnt/tieout", str(tmp_path / "mnt"))
            for command in _commands(text):
                completed = subprocess.run(
                    ["bash", "-c", command],
                    cwd=tmp_path / folder,
                    env=environment_with(PATH=path, **administrator, **more),
                    capture_output=True,
                    text=True,
                    timeout=280,
                    check=False,
                )
                assert completed.returncode in (0, 3), (command, completed.stdout, completed.stderr)
                codes.append(completed.returncode)
        return codes

    assert set(follow("The database", "admin")) == {0}
    for folder in ("one", "two"):
        follow("Every machine", folder)
    assert follow("On the first machine", "one", TIEOUT_TOKEN=TOKENS["riley"]) == [3]
    listed, _, verified = follow("On the second machine", "two", TIEOUT_TOKEN=TOKENS["dana"])
    assert (listed, verified) == (0, 0)


def _blocks() -> dict[str, list[str]]:
    """Give the page's blocks of commands by the heading that they stand under."""
    by_title: dict[str, list[str]] = {}
    for section in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        by_title[title] = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    return by_title


def _commands(block: str) -> list[str]:
    """Split a block into its commands; what installs was done when these tests were installed."""
    if "<<'END'" in block:
        head, _, last = block.rpartition("END\n")
        return [f"{head}END", *filter(None, last.splitlines())]
    return [line for line in block.splitlines() if not line.startswith("pip install")]
