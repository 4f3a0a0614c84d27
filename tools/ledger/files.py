"""The files of a source: found, opened, and their columns checked before a row is read."""

from __future__ import annotations

import errno
import glob
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tools.core.errors import SourcesError, TieoutError, UnreachableError
from tools.ledger.sources import Source
from tools.ledger.suggest import meant

_FOR_GOOD: Final = (errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.ENAMETOOLONG)


def find(name: str, source: Source, base: Path) -> list[Path]:
    """Give a source's files, sorted. Raises SourcesError when there is none."""
    pattern = str(base / source.path)
    with reached(pattern):
        found = sorted(Path(p) for p in glob.glob(pattern, recursive=True) if Path(p).is_file())  # noqa: PTH207 - absolute patterns
        if found:
            return found
        beside = sorted(p.name for p in base.iterdir() if p.is_file()) if base.is_dir() else []
    raise SourcesError(
        f"no file matches '{source.path}' in {base.resolve()}.",
        place=f"sources.{name}.path",
        remedy=meant(source.path, beside),
    )


def label(path: Path, base: Path) -> str:
    """Name a file in lineage: relative to the sources file where it lies under it."""
    try:
        return path.relative_to(base).as_posix()
    except ValueError:
        return path.as_posix()


def check_columns(name: str, source: Source, file: str, held: Sequence[str]) -> None:
    """Check that a file has every column that its source names. Raises SourcesError."""
    keyed = [
        *((f"columns.{n}", c) for n, c in source.columns.items()),
        *((f"where.{c}", c) for c in source.where),
        *((f"where_not.{c}", c) for c in source.where_not),
        *((f"negate_where.{c}", c) for c in source.negate_where),
    ]
    for key, column in keyed:
        if column not in held:
            repeated = f"{column} (1)" in held
            message = f"stands twice in {file}" if repeated else f"is not in {file}"
            raise SourcesError(
                f"column '{column}' {message}.",
                place=f"sources.{name}.{key}",
                remedy=meant(column, held),
            )


def named(source: Source) -> tuple[str, ...]:
    """Give the columns of its files that a source names."""
    return tuple(
        dict.fromkeys([*source.columns.values(), *source.where, *source.where_not, *source.negate_where])
    )


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
