"""Which files of a folder are looked at, and which are none of the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from tools.core.errors import SourcesError
from tools.ledger.guess.joined_columns import with_joined
from tools.ledger.guess.last_days import with_last_day
from tools.ledger.guess.profile import FileProfile, profiles
from tools.ledger.guess.source_kind import Guess, guess
from tools.ledger.guess.two_sided import with_both_sides
from tools.ledger.guess.vocabulary import vocabulary, words
from tools.ledger.readers import archive
from tools.ledger.readers.file_format import FIXED, format_of

# Suffixes of what is meant to be a table or a statement, whatever it turns out to be.
TABLES: Final = (
    ".csv", ".tsv", ".tab", ".txt", ".dat", ".asc", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".numbers",
    ".parquet", ".pq", ".xml", ".camt", ".c53", ".c52", ".c54", ".bai", ".bai2", ".ofx", ".ofx2", ".qfx",
    ".qbo", ".sta", ".mt940", ".940", ".swi", ".mta", ".qif", ".iif", ".se", ".si", ".sie", ".zip",
)  # fmt: skip
_LOOSE: Final = (".txt", ".dat", ".asc", "")  # may be anything: words are no unread book
_NOT_TABLES: Final = (
    ".md", ".rst", ".json", ".yaml", ".yml", ".toml", ".ini", ".py", ".sql", ".log", ".html", ".htm",
    ".ipynb", ".sh", ".lock", ".db", ".sqlite", ".duckdb", ".gz", ".7z", ".exe",
)  # fmt: skip
_PAPERS: Final = (
    ".pdf", ".doc", ".docx", ".rtf", ".odt", ".ppt", ".pptx", ".png", ".jpg", ".jpeg", ".tif", ".tiff",
    ".gif", ".heic", ".webp", ".bmp", ".eml", ".msg", ".mbox", ".ics",
)  # fmt: skip
# What may hold books and is read in another way, or not at all.
_READ_OTHERWISE: Final = {
    ".json": "JSON is not read; export CSV",
    ".html": "HTML is not read; export CSV or XLSX",
    ".htm": "HTML is not read; export CSV or XLSX",
    ".gz": "it is packed; unpack it",
    ".7z": "it is packed; unpack it",
    **dict.fromkeys(_PAPERS, "a paper is no table; export CSV or XLSX where it holds lines of a book"),
    ".db": "a database: tieout init sqlite:///FILE proposes its tables",
    ".sqlite": "a database: tieout init sqlite:///FILE proposes its tables",
    ".duckdb": "a database: tieout init duckdb:///FILE proposes its tables",
}


def look(folder: Path) -> tuple[list[tuple[FileProfile, Guess | None]], dict[str, str], dict[str, str]]:
    """Profile each file and guess what it is; say why which files are none, and why which are not read.

    Raises SourcesError when it is no folder.
    """
    if not folder.is_dir():
        raise SourcesError("is no folder.", place=str(folder), remedy="Name one that holds your files.")
    looked: list[tuple[FileProfile, Guess | None]] = []
    aside, not_read = dict[str, str](), dict[str, str]()
    with duckdb.connect() as connection:
        for path in sorted(_files(folder, aside, not_read)):
            label = path.relative_to(folder).as_posix()
            try:
                tables = [whole(profile) for profile in profiles(connection, path)]
            except SourcesError as error:
                (aside if _is_loose(path) else not_read)[label] = f"{error.message} {error.remedy}".strip()
                continue
            rows = [profile for profile in tables if profile.rows]
            if rows and not any(map(_is_table, rows)):
                aside[label] = "it is a text, and no table"
                continue
            looked += [(profile, guess(profile)) for profile in rows if _is_table(profile)]
            unread = sum(count for profile in tables for count in profile.asides.values())
            if not rows and unread:
                not_read[label] = f"none of its {unread:,} lines is a posting: {_classes(tables)}"
            elif not rows:
                aside[label] = "it holds no rows"
    return looked, aside, not_read


def whole(file: FileProfile) -> FileProfile:
    """Give a file with what its columns make together, its days' years, and both sides of its lines."""
    return with_both_sides(with_joined(with_last_day(file)))


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


def _files(folder: Path, aside: dict[str, str], not_read: dict[str, str]) -> list[Path]:
    """Give the files that may be books, those in archives among them; say what the others are."""
    paths: list[Path] = []
    for path in folder.iterdir():
        suffix = path.suffix.lower()
        if not path.is_file() or path.name.startswith("."):
            continue
        if suffix in _READ_OTHERWISE:
            aside[path.name] = _READ_OTHERWISE[suffix]
        if suffix in _READ_OTHERWISE or suffix in _NOT_TABLES:
            continue
        form = format_of(path)
        if form == "zip" and suffix == archive.SUFFIX:
            try:
                paths += archive.members(path)
            except SourcesError as error:
                not_read[path.name] = f"{error.message} {error.remedy}".strip()
        elif suffix in TABLES or form in (*FIXED, "text", "positional", "labelled"):
            paths.append(path)
        else:
            aside[path.name] = "it is of no format that is read as a table"
    return paths


def _is_table(file: FileProfile) -> bool:
    """Whether a file of any suffix is a table and no prose."""
    return not _is_loose(file.paths[0]) or len(file.columns) > 1


def _is_loose(path: Path) -> bool:
    """Whether a file's suffix promises no table."""
    return path.suffix.lower() in _LOOSE or path.suffix.lower() not in TABLES
