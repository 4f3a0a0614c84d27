"""A desk for programmes: its settings, programme files of a few lines, a worker in this process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from desk.task_kinds import KINDS
from graph.runtime import session
from graph.runtime.session import ThreadState
from graph.runtime.worker import TaskKind, Worker, work
from tests.graph.small import TOKENS, settings_of, users
from tools.core import settings
from tools.identity import people
from tools.identity.people import Person
from tools.programme import records
from tools.programme.records import ProgrammeStanding
from tools.store import Store, open_store

ROOT = Path(__file__).parents[2]
PASSES = "def test_it():\n    assert True\n"


def settle(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Make a desk in a folder, and its settings those of this test."""
    users(folder)
    (folder / "rules.yaml").write_text("{}", encoding="utf-8")
    for name, value in settings_of(folder).items():
        monkeypatch.setenv(name, value)
    return open_store(settings.load().database_url)


Task = dict[str, Any]


def write(folder: Path, tasks: Sequence[Task], **more: object) -> Path:
    """Write a programme of one phase; a command named by its test's text gets a file with it."""
    named = [_with_file(folder, {**task}) for task in tasks]
    content = {
        "name": "small",
        "plan_approval": "automatic",
        "calendar": {"around_the_clock": True},
        "recovery": {"retry_delay": 0, "timeout_grace": 0},
        "phases": [{"id": "P", "name": "All of it", "tasks": named}],
        **more,
    }
    path = folder / "programme.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def _with_file(folder: Path, task: dict[str, Any]) -> dict[str, Any]:
    text = task.pop("test", None)
    if text is None:
        return {"name": task["id"], **task}
    name = f"test_{task['id'].lower()}.py"
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n", encoding="utf-8")
    return {"name": task["id"], "kind": "command", "command": ["pytest", name], "seconds": 1, **task}


def start(path: Path, user: str = "riley") -> ThreadState:
    """Start a programme as somebody."""
    return session.start({"programme": str(path)}, graph="programme", token=TOKENS[user])


def do_all(store: Store, name: str = "w1", kinds: tuple[TaskKind, ...] = KINDS) -> None:
    """Work until nothing is due."""
    work(Worker(name=name, store=store, settings=settings.load(), kinds=kinds, once=True))


def standing_of(store: Store, run_id: str) -> ProgrammeStanding:
    """Give how a programme stands."""
    return records.load(store, run_id)


def person(user: str) -> Person:
    """Sign somebody in."""
    return people.sign_in(TOKENS[user], settings.load())
