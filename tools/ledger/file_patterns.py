"""The files that a path or a glob names: each file once, however many links lead to it."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.core import stopping

_MAGIC: Final = re.compile(r"[*?[]")
Identity = tuple[int, int]


def expand(pattern: Path) -> list[Path]:
    """Give the files that match, sorted; of several ways to one file, the shortest.

    `**` goes into linked folders, too, but into each folder once: a link back up leads nowhere new. Names
    that begin with a dot are left out unless the pattern's do. Raises OSError for a place that is away.
    """
    first, *parts = pattern.parts
    ways = sorted(_walk(Path(first), parts), key=lambda way: (len(way.parts), str(way)))
    files: dict[Identity, Path] = {}
    for way in ways:
        stopping.check()
        status = way.stat()
        files.setdefault((status.st_dev, status.st_ino), way)
    return sorted(files.values())


def fixed_part(pattern: Path) -> Path:
    """Give the folder, or the file, up to the first part of a pattern that is a glob."""
    parts = list(pattern.parts)
    magic = next((at for at, part in enumerate(parts) if _MAGIC.search(part)), len(parts))
    return Path(*parts[:magic])


def _walk(folder: Path, parts: list[str]) -> Iterator[Path]:
    stopping.check()
    if not parts:
        if folder.is_file():
            yield folder
        return
    part, rest = parts[0], parts[1:]
    if part == "**":
        for below in _folders(folder):
            yield from _walk(below, rest or ["*"])
    elif not _MAGIC.search(part):
        yield from _walk(folder / part, rest)
    else:
        for entry in _entries(folder):
            if _matches(entry.name, part) and (not rest or _is_folder(entry)):
                yield from _walk(folder / entry.name, rest)


def _folders(top: Path) -> Iterator[Path]:
    """Give a folder and all below it, each once."""
    waiting, visited = [top], set[Identity]()
    while waiting:
        folder = waiting.pop(0)
        try:
            status = folder.stat()
        except FileNotFoundError:  # it went while it was looked for
            continue
        if (status.st_dev, status.st_ino) in visited:
            continue
        visited.add((status.st_dev, status.st_ino))
        yield folder
        waiting += [folder / e.name for e in _entries(folder) if _is_folder(e) and not e.name.startswith(".")]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Say whether an entry leads to a folder; a link in a circle leads nowhere."""
    return entry.is_dir(follow_symlinks=False) or (entry.is_symlink() and Path(entry.path).is_dir())


def _matches(name: str, part: str) -> bool:
    hidden = name.startswith(".") and not part.startswith(".")
    return not hidden and fnmatch.fnmatchcase(name, part)
