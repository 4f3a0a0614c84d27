"""Which files of a folder are looked at, and which are none of the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from tools.core.errors import SourcesError
from tools.ledger.guess.profile import FileProfile, profiles
from tools.ledger.guess.source_kind import Guess, guess
from tools.ledger.guess.vocabulary import vocabulary, words
from tools.ledger.readers import archive
from tools.ledger.readers.file_format import FIXED, format_of

# Suffixes of what is meant to be a table or a statement, whatever it turns out to be.
TABLES: Final = (
    ".csv", ".tsv", ".tab", ".txt", ".dat", ".asc", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".numbers",
    ".parquet", ".pq", ".xml", ".camt", ".c53", ".c52", ".c54", ".bai", ".bai2", ".ofx", ".ofx2", ".qfx",
    ".qbo", ".sta", ".mt940", ".940", ".swi", ".mta", ".qif", ".iif", ".zip",
)  # fmt: skip
_LOOSE: Final = (".txt", ".dat", ".asc", "")  # may be anything: words are no unread book
_NOT_TABLES: Final = (
    ".md", ".rst", ".json", ".yaml", ".yml", ".toml", ".ini", ".py", ".sql", ".log", ".html", ".htm",
    ".ipynb", ".sh", ".lock", ".db", ".sqlite", ".duckdb", ".gz", ".7z", ".exe",
)  # fmt: skip


def look(folder: Path) -> tuple[list[tuple[FileProfile, Guess | None]], dict[str, str], dict[str, str]]:
    """Profile each file and guess what it is; say why which files are none, and why which are not read.

    Raises SourcesError when it is no folder.
    """
    if not folder.is_dir():
        raise SourcesError("is no folder.", place=str(folder), remedy="Name one that holds your files.")
    looked: list[tuple[FileProfile, Guess | None]] = []
    aside, not_read = dict[str, str](), dict[str, str]()
    with duckdb.connect() as connection:
        for path in sorted(_files(folder, not_read)):
            label = path.relative_to(folder).as_posix()
            try:
                tables = profiles(connection, path)
            except SourcesError as error:
                if path.suffix.lower() not in _LOOSE:
                    not_read[label] = f"{error.message} {error.remedy}".strip()
                continue
            rows = [profile for profile in tables if profile.rows]
            looked += [(profile, guess(profile)) for profile in rows if _is_table(profile)]
            unread = sum(count for profile in tables for count in profile.asides.values())
            if not rows and unread:
                not_read[label] = f"none of its {unread:,} lines is a posting: {_classes(tables)}"
            elif not rows:
                aside[label] = "it holds no rows"
    return looked, aside, not_read


def _classes(tables: Sequence[FileProfile]) -> str:
    """Count what the lines of a file without postings are: rejected, titles, totals."""
    counts = sum((Counter(profile.asides) for profile in tables), Counter[str]())
    return ", ".join(f"{count:,} {name.strip('()')}" for name, count in counts.most_common())


def place(file: FileProfile, folder: Path) -> str:
    """Name a file, or a sheet of it, for a reader."""
    label = file.paths[0].relative_to(folder).as_posix()
    return label + (f", sheet {file.sheet}" if file.sheet else "")


def is_no_book(file: FileProfile) -> bool:
    """Whether a file's name says that it is none of the books: answers, labels, notes."""
    return bool(vocabulary().no_book & set(words(file.paths[0].stem)))


def _files(folder: Path, not_read: dict[str, str]) -> list[Path]:
    """Give the files that may be books, those in archives among them."""
    paths: list[Path] = []
    for path in folder.iterdir():
        suffix = path.suffix.lower()
        if not path.is_file() or path.name.startswith(".") or suffix in _NOT_TABLES:
            continue
        form = format_of(path)
        if form == "zip":
            try:
                paths += archive.members(path)
            except SourcesError as error:
                not_read[path.name] = f"{error.message} {error.remedy}".strip()
        elif suffix in TABLES or form in FIXED or (form == "text" and not suffix):
            paths.append(path)
    return paths


def _is_table(file: FileProfile) -> bool:
    """Whether a file of any suffix is a table and no prose."""
    return file.paths[0].suffix.lower() not in _LOOSE or len(file.columns) > 1
