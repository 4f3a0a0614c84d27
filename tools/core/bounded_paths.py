"""Paths that callers name: inside the folders that the settings name, and never one of the desk's own files.

A path is judged by where it leads: symbolic links and `..` are followed first, and folders are compared by
their device and inode, so that no spelling, link or mount of a file that is refused is taken.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from tools.core.errors import SettingsError, UsageError
from tools.core.settings import Settings

_SAMPLES: Final = Path(__file__).resolve().parents[2] / "samples"
_LONGEST: Final = 1024  # characters of a path that a caller names
_SQLITE: Final = "sqlite:///"
_BESIDE: Final = ("", "-wal", "-shm", "-journal")  # what SQLite keeps beside a file
Identity = tuple[int, int]


@dataclass(frozen=True)
class Folders:
    """Where callers may name files, and what is never theirs to read."""

    inside: tuple[Path, ...]
    never: tuple[Path, ...]

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take the folders from the settings: by default the desk's home and the samples.

        Raises SettingsError for one that is not there: every file would be refused as if it lay outside.
        """
        named = [settings.home / part for part in settings.books_folders.split(os.pathsep) if part]
        if missing := [str(folder) for folder in named if not folder.is_dir()]:
            raise SettingsError(
                f"no such folder: {', '.join(missing)}.",
                place="TIEOUT_BOOKS_FOLDERS",
                remedy=f"Name folders that are there, with {os.pathsep!r} between them.",
            )
        inside = named or [settings.home, _SAMPLES]
        return cls(tuple(folder.absolute() for folder in inside), tuple(_desk_paths(settings)))

    def path(self, named: str, place: str) -> Path:
        """Give the file that a caller names, as it lies on the disk. Raises UsageError for any other."""
        if "\0" in named or "://" in named or not 0 < len(named.strip()) < _LONGEST:
            raise _refused(place)
        # A relative path is looked for in each folder; an absolute one stays as it is.
        ways = [folder / named for folder in (*self.inside, _SAMPLES.parent)]
        path = next((way for way in ways if self._leads_inside(way) and _is_file(way)), ways[0])
        self.check(path, place)
        return Path(os.path.realpath(path))

    def check(self, path: Path, place: str) -> None:
        """Refuse a path that leads out of the folders, or to what is the desk's. Raises UsageError."""
        if not self._leads_inside(path):
            raise _refused(place)

    def _leads_inside(self, path: Path) -> bool:
        try:
            return self._allows(Path(os.path.realpath(path)))
        except (OSError, ValueError):  # a name that no file can have
            return False

    def _allows(self, real: Path) -> bool:
        roots, never = set(_identities(self.inside)), set(_identities(self.never))
        for folder in (real, *real.parents):
            identity = _identity(folder)
            if identity in roots:
                return True
            if identity in never or folder.name.startswith("."):
                return False
        return False


def _is_file(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 - pathlib's raises for a name that is too long


def _desk_paths(settings: Settings) -> Iterator[Path]:
    """Name what is the desk's: its databases, key, runs, documents, users and their keys, its environment."""
    for url in (settings.database_url, settings.checkpoint_url):
        if url.startswith(_SQLITE):
            file = Path(url.removeprefix(_SQLITE)).absolute()
            yield from (file.with_name(file.name + end) for end in _BESIDE)
            yield file.with_name("trail.key")
            yield file.parent
    for folder in (settings.workspace_url, settings.documents_url):
        if folder:
            yield Path(folder.removeprefix("file://")).absolute()
    yield from (settings.users.absolute(), settings.home.absolute() / ".env", Path(".env").absolute())
    if settings.jwt_keys:
        yield settings.jwt_keys.absolute()


def _identities(paths: Iterable[Path]) -> Iterator[Identity]:
    for path in paths:
        identity = _identity(path)
        if identity is not None:
            yield identity


def _identity(path: Path) -> Identity | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _refused(place: str) -> UsageError:
    return UsageError(
        "names a file outside the folders that hold books, or one of the desk's own.",
        place=place,
        remedy="Name a file in one of the folders of TIEOUT_BOOKS_FOLDERS.",
    )
