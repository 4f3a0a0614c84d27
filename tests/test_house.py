"""What the house asks of every test of the books: in its tuple, with cases, with a whole header."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent
from typing import get_args

import pytest

from tests.books import make_books
from tools.books.engine import bound
from tools.checks.catalogue import NAMES, loaded
from tools.checks.runner import run_tests
from tools.operations import docs
from tools.rules import test_header
from tools.rules.model import Rules

ROOT = Path(__file__).parents[1]
FILES = [
    path
    for check in get_args(test_header.CheckName)
    for path in sorted((ROOT / "tools" / "checks" / check).glob("*.sql"))
]


def test_files_that_the_docs_name_are_there() -> None:
    """A path of code or SQL in the documents leads to a file, whatever was renamed since."""
    files = [
        f"/{path.relative_to(ROOT).as_posix()}"
        for folder in ("benchmarks", "desk", "graph", "nodes", "samples", "tests", "tools")
        for path in (ROOT / folder).rglob("*.[ps][yq]*")
    ]
    named = [
        (document.name, path)
        for document in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
        for path in re.findall(r"`([\w./-]+\.(?:py|sql))`", document.read_text(encoding="utf-8"))
    ]
    assert [entry for entry in named if not any(path.endswith(f"/{entry[1]}") for path in files)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_test_of_the_books_is_complete(path: Path) -> None:
    """Its check lists it, its header says what it needs, and cases hold it to that."""
    check = path.parent.name
    test = test_header.load(check, path.stem)
    assert path.stem in NAMES[test.check]
    assert (ROOT / "tools" / "checks" / "cases" / check / f"{path.stem}.yaml").is_file(), "it has no cases"
    assert test.scores, "its header does not say how it scores"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_parameter_decides_something(path: Path) -> None:
    """What a header offers to the rules file is read by the query, its verdict or its judge."""
    test = test_header.load(path.parent.name, path.stem)
    queries = [test.sql, *([test.verdict.sql] if test.verdict else [])]
    beside = path.with_suffix(".py")
    judge = beside.read_text(encoding="utf-8") if beside.is_file() else ""
    read = {name for query in queries for name in bound(query, test.params)}
    read |= {name for name in test.params if f'"{name}"' in judge}
    assert set(test.params) - {"enabled"} - read == set()


PARTS = sorted((ROOT / "tools" / "checks").glob("*/parts/*.sql"))


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_a_part_is_used(path: Path) -> None:
    """Some test of its check, or another part, stands on it."""
    check, name = path.parents[1].name, path.stem
    users = [test for each in NAMES if each == check for test in loaded(each)]
    standing = {
        part.name for user in users for part in (*user.parts, *((user.verdict,) if user.verdict else ()))
    }
    standing |= {part.name for user in users if user.verdict for part in user.verdict.parts}
    assert test_header.part(check, name).name == name
    assert name in standing


def test_the_example_for_newcomers_is_a_whole_test(tmp_path: Path) -> None:
    """What CONTRIBUTING shows is read and run as it stands, and names what it says."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    test = test_header.parse("anomaly", dedent(f"   {block.strip()}\n"), place="CONTRIBUTING.md")
    rows = [{"posted_on": "2025-03-07"}, {"row_key": "saturday", "posted_on": "2025-03-08"}]
    with make_books(tmp_path, txn=rows) as books:
        (result,) = run_tests(books, [test], Rules())
        findings = books.rows("SELECT row_key, score FROM finding")
    assert (result.status, test.scores != "", findings) == (
        "ran",
        True,
        [{"row_key": "saturday", "score": 20}],
    )


def test_a_newcomer_finds_every_page() -> None:
    """The index of docs/ names each page that lies there."""
    folder = ROOT / "docs"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in folder.glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


def test_what_is_generated_is_current() -> None:
    """The pages written from headers and models say what those say now; `make docs` writes them."""
    assert docs.stale() == []
