"""`tieout init` shows what it guessed and why, and writes over nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk.cli import main
from tests.graph.small import write_books


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with small books and no sources file."""
    write_books(tmp_path / "books").unlink()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "books"


def test_the_proposal_is_shown_and_written(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed is what is written, each guess with its reason; the next command is named."""
    assert main(["init", "books", "--output", "proposed.yaml"]) == 0
    output = capsys.readouterr()
    assert output.out == Path("proposed.yaml").read_text()
    assert "kind: card  # " in output.out
    assert "tieout audit proposed.yaml" in output.err
    assert sorted(path.name for path in books.iterdir()) == [
        "bank.csv",
        "card.csv",
        "rules.yaml",
        "users.yaml",
    ]


def test_nothing_is_written_over(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is there stays, whatever it holds."""
    (books / "sources.yaml").write_text("mine")
    assert main(["init", "books"]) == 2
    assert (
        "sources.yaml: is there already; nothing was written. Name another file." in capsys.readouterr().err
    )
    assert (books / "sources.yaml").read_text() == "mine"


def test_a_dry_proposal_as_json(books: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--dry writes nothing; --json gives the text with the sources that it declares."""
    assert main(["init", "books", "--dry", "--json"]) == 0
    proposal = json.loads(capsys.readouterr().out)
    assert (proposal["path"], set(proposal["sources"].values())) == (None, {"bank", "card"})
    assert not (books / "sources.yaml").exists()


def test_a_folder_without_tables_says_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The remedy names what the folder holds instead."""
    (tmp_path / "notes.md").touch()
    assert main(["init", str(tmp_path)]) == 1
    assert "and no bank statement. There are: notes.md." in capsys.readouterr().err
    (tmp_path / "empty.csv").touch()
    assert main(["init", str(tmp_path)]) == 1
    assert "holds nothing that can be read. empty.csv: it holds no rows" in capsys.readouterr().err
