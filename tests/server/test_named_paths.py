"""Paths that callers of the Server name lie where the books are, and nothing of another file comes back."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests import http
from tests.graph.small import TOKENS, write_books
from tests.server.served import Served

SECRET = "Pa55-of-the-desk"
REFUSED = "names a file outside the folders that hold books"


class Books(NamedTuple):
    """A folder of books on the Server, a secret beside it, and what both callers' files may not reach."""

    served: Served
    folder: Path
    outside: Path

    def run(self, user: str = "", **inputs: object) -> str:
        """Start a run as a user, or as nobody; give all that comes back."""
        headers = {"Authorization": f"Bearer {TOKENS[user]}"} if user else {}
        body = {"assistant_id": "audit", "input": inputs}
        answer = http.post(f"{self.served.url}/runs/wait", json=body, headers=headers, timeout=90)
        return answer.text

    def runs(self) -> list[Any]:
        """Name the runs that the store knows."""
        with sqlite3.connect(self.served.folder / "desk" / "tieout.db") as store:
            return store.execute("SELECT run_id FROM run ORDER BY 1").fetchall()

    def declare(self, name: str, **source: object) -> str:
        """Write a sources file among the books that names what `source` says; give its path."""
        path = self.folder / name
        declared = {"kind": "card", "columns": {"posted_on": "day", "amount": "amount"}, **source}
        path.write_text(yaml.safe_dump({"entity": {"name": "Curious"}, "sources": {"card": declared}}))
        return str(path)


@pytest.fixture(scope="module")
def books(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """Give books beside a desk whose key, environment and users are secret; no attack leaves a run."""
    outside = tmp_path_factory.mktemp("elsewhere")
    (outside / "secret.txt").write_text(SECRET)
    (outside / "secret.csv").write_text(f"day,{SECRET}\n2025-01-01,{SECRET}\n")
    (served.folder / ".env").write_text(f"TIEOUT_MODEL_API_KEY={SECRET}\n")
    # A worker that gives tests of this file away and takes some back sets them up twice on the same server.
    number = outside.name.removeprefix("elsewhere")
    folder = write_books(served.folder / f"curious{number}", entity="Curious").parent
    key = served.folder / "desk" / "trail.key"
    books = Books(served, folder, outside)
    write_books(served.folder / f"first{number}", entity=f"First {number}")
    from_the_home = f"first{number}/sources.yaml"
    assert "__interrupt__" in books.run("riley", sources=from_the_home)
    (folder / "link.yaml").symlink_to(key)
    (folder / "link.csv").symlink_to(outside / "secret.csv")
    (folder / "linked").symlink_to(outside)
    (folder / "hard.yaml").hardlink_to(key)
    (folder / "Desk").symlink_to(served.folder / "desk")
    before = books.runs()
    yield books
    assert books.runs() == before


def _key(books: Books) -> str:
    return str(books.served.folder / "desk" / "trail.key")


FILES: dict[str, Callable[[Books], str]] = {
    "the trail's key": _key,
    "the same, by `..`": lambda b: f"{b.folder}/../desk/trail.key",
    "the same, by a link": lambda b: str(b.folder / "link.yaml"),
    "the same, by a hard link": lambda b: str(b.folder / "hard.yaml"),
    "the same, by a linked folder of another case": lambda b: str(b.folder / "Desk" / "trail.key"),
    "the same, by file://": lambda b: f"file://{_key(b)}",
    "the same, by FILE:": lambda b: f"FILE://{_key(b)}",
    "the same, relative to the desk": lambda b: os.path.relpath(_key(b), b.served.folder),
    "the same, by the process": lambda b: f"/proc/self/root{_key(b)}",
    "the store": lambda b: str(b.served.folder / "desk" / "tieout.db"),
    "the environment": lambda b: str(b.served.folder / ".env"),
    "the users": lambda b: str(b.served.folder / "users.yaml"),
    "another user's file": lambda b: str(b.outside / "secret.txt"),
    "the machine's users": lambda _: "/etc/passwd",
    "the process's environment": lambda _: "/proc/self/environ",
    "a name with a NUL": lambda b: f"{b.folder}/sources.yaml\0{_key(b)}",
    "a very long name": lambda b: f"{b.folder}/{'a/' * 5000}x",
    "a file that is not": lambda b: str(b.outside / "none.yaml"),
}


@pytest.mark.parametrize(("key", "user"), [("sources", ""), ("rules", "riley")], ids=["nobody", "riley"])
@pytest.mark.parametrize(
    "named",
    [
        pytest.param(path, id=name, marks=[pytest.mark.exhaustive] if number % 3 else [])
        for number, (name, path) in enumerate(FILES.items())
    ],
)
def test_another_file_is_refused(books: Books, named: Callable[[Books], str], key: str, user: str) -> None:
    """One answer for all, whatever they hold and whether they are there; nothing of them comes back."""
    inputs = {"sources": str(books.folder / "sources.yaml"), key: named(books)}
    answer = books.run(user, **inputs)
    assert REFUSED in answer
    assert SECRET not in answer
    assert (books.served.folder / "desk" / "trail.key").read_text() not in answer


INSIDE: dict[str, dict[str, str]] = {
    "a file": {"path": "{outside}/secret.csv"},
    "by `..`": {"path": "../../{away}/secret.csv"},
    "a glob": {"path": "{outside}/*.csv"},
    "every file of the machine": {"path": "/**/*.csv"},
    "a glob up": {"path": "../desk/*"},
    "a linked file": {"path": "link.csv"},
    "a glob over links": {"path": "li*.csv"},
    "a linked folder": {"path": "linked/secret.csv"},
    "a glob over a linked folder": {"path": "**/secret.csv"},
    "documents": {"kind": "document", "path": "{outside}/*"},
    "documents beside the desk": {"kind": "document", "path": "../.env"},
}


@pytest.mark.parametrize("source", INSIDE.values(), ids=INSIDE)
def test_files_that_a_sources_file_names_are_held_to_the_same(books: Books, source: dict[str, str]) -> None:
    """A sources file may lie among the books, and what it names has to lie there, too."""
    away = os.path.relpath(books.outside, books.folder.parent.parent)
    path = source["path"].format(outside=books.outside, away=away)
    columns = {} if source.get("kind") == "document" else {"posted_on": "day", "amount": "amount"}
    answer = books.run(sources=books.declare("curious.yaml", **{**source, "path": path, "columns": columns}))
    assert REFUSED in answer
    assert SECRET not in answer
