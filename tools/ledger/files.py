"""The files of a source: found, opened, and their columns checked before a row is read."""

from __future__ import annotations

import errno
import fnmatch
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tools.core.bounded_paths import Folders
from tools.core.errors import SourcesError, TieoutError, UnreachableError
from tools.ledger import remote_files
from tools.ledger.file_patterns import expand, fixed_part
from tools.ledger.readers import archive, both_sides
from tools.ledger.readers.carried_cells import HEADING
from tools.ledger.sources import Source
from tools.ledger.suggest import remedy_of

_OF_THE_FILE: Final = ("fill_down", "text_below", "headings", "joined")  # what is made is no column of it
_FOR_GOOD: Final = (errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG)


def find(name: str, source: Source, base: Path, within: Folders | None = None) -> list[Path]:
    """Give a source's files, sorted, each once. Raises SourcesError when there is none.

    A file in an archive is a path through it. within: the folders that a caller may name files in; UsageError
    for a pattern or a link out of them.
    """
    pattern, place = base / source.path, f"sources.{name}.path"
    if remote_files.is_remote(source.path):
        return _remote(source.path, place)
    if within is not None:
        within.check(fixed_part(pattern), place)
    with reached(str(pattern)):
        outside = [path for path in expand(pattern) if path.suffix.lower() != archive.SUFFIX]
        holders = _holders(pattern)
        if within is not None:
            for path in (*outside, *holders):
                within.check(path, place)
        paths = outside + [member for holder in holders for member in _members(holder, pattern)]
        if paths:
            return sorted(paths)
        beside = _beside(base) if base.is_dir() else []
    raise SourcesError(
        f"no file matches '{source.path}' in {base.resolve()}.",
        place=place,
        remedy=remedy_of(source.path, beside),
    )


def _remote(url: str, place: str) -> list[Path]:
    """Give copies of what a URL names, archives as their members."""
    copies = remote_files.load(url, place)
    if not copies:
        raise SourcesError(
            f"no object matches '{url}'.", place=place, remedy="Correct the bucket or the path."
        )
    members = (archive.members(path) if path.suffix.lower() == archive.SUFFIX else [path] for path in copies)
    return [path for paths in members for path in paths]


def _beside(base: Path) -> list[str]:
    return sorted(path.name for path in base.iterdir() if path.is_file() and not path.name.startswith("."))


def _holders(pattern: Path) -> list[Path]:
    """Give the archives that a pattern names, or leads through."""
    parts = pattern.parts
    at = next((i for i, part in enumerate(parts) if part.casefold().endswith(archive.SUFFIX)), None)
    return [] if at is None else [path for path in expand(Path(*parts[: at + 1])) if path.is_file()]


def _members(holder: Path, pattern: Path) -> list[Path]:
    """Give the members of an archive that a pattern names: `camt.zip` all of them, `camt.zip/*.xml` some."""
    at = next(i for i, part in enumerate(pattern.parts) if part.casefold().endswith(archive.SUFFIX))
    wildcard = "/".join(pattern.parts[at + 1 :]) or "*"
    members = archive.members(holder)
    return [
        member for member in members if fnmatch.fnmatchcase(member.relative_to(holder).as_posix(), wildcard)
    ]


def label(path: Path, base: Path) -> str:
    """Name a file in lineage: relative to the sources file where it lies under it; by its URL in a bucket."""
    if url := remote_files.url(path):
        return url
    try:
        return path.relative_to(base).as_posix()
    except ValueError:
        return path.as_posix()


def check_columns(name: str, source: Source, file: str, columns: Sequence[str]) -> None:
    """Check that a file has every column that its source names, or its headings make. Raises SourcesError."""
    columns = [*columns, HEADING] if source.headings else columns
    columns = [*columns, *both_sides.added_columns(source.both_sides)]
    keyed = [
        *((f"columns.{n}", c) for n, c in source.columns.items()),
        *((f"where.{c}", c) for c in source.where),
        *((f"where_not.{c}", c) for c in source.where_not),
        *((f"negate_where.{c}", c) for c in source.negate_where),
        *(("fill_down", c) for c in source.fill_down),
        *(("text_below", c) for c in source.text_below),
        *((f"joined.{n}", c) for n, parts in source.joined.items() for c in parts),
        *((f"both_sides.{n}", c) for n, parts in source.both_sides.items() for c in parts),
        *(("headings", c) for c in (source.headings,) if c is not None),
    ]
    for name_, parts in source.joined.items():
        if name_ in columns:
            raise SourcesError(
                f"'{name_}' is a column of {file} already.",
                place=f"sources.{name}.joined",
                remedy=f"Call what {', '.join(parts)} make otherwise.",
            )
    for key, column in keyed:
        is_joined = column in source.joined and not key.startswith(_OF_THE_FILE)
        if column not in columns and not is_joined:
            repeated = f"{column} (1)" in columns
            message = f"stands twice in {file}" if repeated else f"is not in {file}"
            raise SourcesError(
                f"column '{column}' {message}.",
                place=f"sources.{name}.{key}",
                remedy=remedy_of(column, columns),
            )


def source_columns(source: Source) -> tuple[str, ...]:
    """Give the columns of its files that a source names."""
    columns = [*source.columns.values(), *source.where, *source.where_not, *source.negate_where]
    wholes = [*source.joined.values(), *source.both_sides.values()]
    parts = [column for whole in wholes for column in whole]
    added = {*source.joined, *both_sides.added_columns(source.both_sides)}
    return tuple(dict.fromkeys([*(column for column in columns if column not in added), *parts]))


@contextmanager
def reached(place: str) -> Iterator[None]:
    """Turn an operating system's error into one that says whether to try again."""
    try:
        yield
    except TieoutError:
        raise
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}."
        if error.errno in _FOR_GOOD:
            raise SourcesError(message, place=place) from None
        raise UnreachableError(message, place=place, remedy="It is tried again.") from None
