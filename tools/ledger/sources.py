"""The sources file: what the books are, where they lie, and which have to agree with which."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import ValidationError

from tools.books.engine import Books
from tools.core.bounded_paths import Folders
from tools.core.errors import SourcesError
from tools.ledger import sources_checks, yamlfile
from tools.ledger.declaration import MONEY_IN, Entity, Pair, Sources
from tools.ledger.source import DERIVED, TRANSACTIONS, Source, columns_of, table_of

__all__ = [
    "DERIVED",
    "FILE_NAME",
    "MONEY_IN",
    "TRANSACTIONS",
    "Entity",
    "Pair",
    "Source",
    "Sources",
    "columns_of",
    "load",
    "of",
    "of_folder",
    "table_of",
    "write",
]
FILE_NAME: Final = "sources.json"


def load(path: Path, within: Folders | None = None) -> Sources:
    """Read a sources file; `within`: the folders that its files have to lie in, None for a user's own.

    Raises SourcesError naming the file, the line, the key and what to do.
    """
    file = yamlfile.read(path)
    if not isinstance(file.value, dict):
        raise SourcesError(
            "holds no keys.", place=str(path), remedy="'tieout init FOLDER' proposes a sources file."
        )
    try:
        sources = Sources.model_validate(file.value).at(path.parent, within)
    except ValidationError as error:
        raise sources_checks.refusal(file, error) from None
    sources_checks.check(file, sources)
    return sources


def of(books: Books) -> Sources:
    """Give the sources that a snapshot was taken from, with each pair's sign said.

    Raises SourcesError when the snapshot holds none.
    """
    return of_folder(books.folder)


def of_folder(snapshot: Path) -> Sources:
    """Give the sources of the snapshot in a folder, as `of` does."""
    path = snapshot / FILE_NAME
    if not path.is_file():
        raise SourcesError("the snapshot names no sources.", place=str(path), remedy="Run the audit again.")
    sources = Sources.model_validate_json(path.read_bytes())
    pairs = [pair.model_copy(update={"sign": sources.sign(pair)}) for pair in sources.pairs]
    return sources.model_copy(update={"pairs": pairs})


def write(folder: Path, sources: Sources) -> None:
    """Put a copy beside a snapshot's tables."""
    (folder / FILE_NAME).write_text(sources.model_dump_json(indent=1), encoding="utf-8")
