"""Digests of the files of a published folder: written beside them, compared before they are used.

listed(folder) -> Listing                   name -> bytes and SHA-256, of every file in it
write(folder) -> str                        the listing as files.json; gives its digest
differences(folder, expected) -> list[str]  what is missing, cut short, replaced or added, in words
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import NamedTuple

from typing_extensions import TypedDict

from tools.core.digest import digest

LISTING = "files.json"
_CHUNK = 1 << 20


class FileDigest(TypedDict):
    """A file as it was written."""

    bytes: int
    sha256: str


Listing = dict[str, FileDigest]


class _State(NamedTuple):
    """What a file's content cannot change without changing, unless somebody takes pains."""

    device: int
    inode: int
    size: int
    modified_ns: int


_DIGESTS: dict[_State, str] = {}  # a file is read once in a process, while it stays as it is


def listed(folder: Path) -> Listing:
    """List the files of a folder, without the listing itself."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != LISTING)
    return {
        path.relative_to(folder).as_posix(): FileDigest(bytes=path.stat().st_size, sha256=sha256_of(path))
        for path in paths
    }


def write(folder: Path) -> str:
    """Write the listing of a folder's files beside them, and give its digest."""
    files = listed(folder)
    (folder / LISTING).write_text(json.dumps(files, indent=1), encoding="utf-8")
    return digest(files)


def read(folder: Path) -> Listing | None:
    """Read the listing of a folder; None where there is none, or it is not one."""
    try:
        files = json.loads((folder / LISTING).read_bytes())
        return {name: FileDigest(bytes=int(f["bytes"]), sha256=str(f["sha256"])) for name, f in files.items()}
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return None


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file's bytes: read once in a process while size and time stay the same."""
    with path.open("rb", buffering=0) as file:
        status = os.fstat(file.fileno())
        state = _State(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if state not in _DIGESTS:
            sha = hashlib.sha256()
            while chunk := file.read(_CHUNK):
                sha.update(chunk)
            _DIGESTS[state] = sha.hexdigest()
    return _DIGESTS[state]


def differences(folder: Path, expected: str, *, contents: bool = True) -> list[str]:
    """Say how a folder's files differ from what they were when their listing had this digest.

    contents: compare what is in them; without it their sizes alone.
    """
    try:
        if not folder.is_dir():
            return [f"{folder.name} is missing"]
    except OSError as error:
        return [f"{folder.name} cannot be read ({error.strerror})"]
    files = read(folder)
    if files is None or digest(files) != expected:
        return [f"{folder.name}/{LISTING} is missing or was changed"]
    added = sorted({*_names(folder)} - {*files})
    return [
        *(
            what
            for name, file in files.items()
            if (what := _difference(folder, name, file, contents=contents))
        ),
        *(f"{folder.name}/{name} was added" for name in added),
    ]


def _names(folder: Path) -> list[str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return [name for path in paths if (name := path.relative_to(folder).as_posix()) != LISTING]


def _difference(folder: Path, name: str, expected: FileDigest, *, contents: bool) -> str:
    path = folder / name
    try:
        size = path.stat().st_size
        if size == expected["bytes"] and not (contents and sha256_of(path) != expected["sha256"]):
            return ""
    except FileNotFoundError:
        return f"{folder.name}/{name} is missing"
    except OSError as error:
        return f"{folder.name}/{name} cannot be read ({error.strerror})"
    if size != expected["bytes"]:
        return f"{folder.name}/{name} has {size:,} bytes instead of {expected['bytes']:,}"
    return f"{folder.name}/{name} was changed"
