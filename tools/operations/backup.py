"""A backup of a desk that goes on working, and its restoration.

backup(settings, folder) -> Backup     FOLDER/tieout-TIME: databases, the trail's files, users, rules, runs
restore(settings, folder) -> Backup    the same into the places that the settings name, which are empty

What is copied first may be older than what is copied later, never newer: checkpoints, then the store, then
the runs' folders. So a restored run repeats its last step, whose writes are idempotent, and misses none.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from tools.core.clock import clock
from tools.core.errors import RunError, SettingsError
from tools.core.settings import Settings
from tools.operations import database_copies
from tools.store import anchor, connect

MANIFEST: Final = "manifest.json"
_STORE, _CHECKPOINTS = "store.db", "checkpoints.db"
_FOLDERS: Final = {"runs": "workspace_url", "documents": "documents_url"}
_FILES: Final = {"users.yaml": "users", "rules.yaml": "rules"}
_DESK: Final = "desk"  # small files beside the store: the trail's key, its anchor
_NOT_KEPT: Final = ("errors.log", "langgraph.json")
_MOST_BYTES: Final = 1 << 24  # of a small file
_GROWS: Final = ".anchor"  # of the trail, which is never cut


@dataclass(frozen=True)
class Backup:
    """What a backup holds. elsewhere: settings whose place is to be backed up where it lies."""

    folder: str
    taken_at: str
    version: str
    files: dict[str, str]  # name in the backup -> SHA-256
    elsewhere: list[str]


def backup(settings: Settings, folder: Path) -> Backup:
    """Copy the desk into a new folder under `folder`, which only its owner reads.

    It appears under its name once it is whole. Raises SettingsError for a place that cannot be used.
    """
    at = clock().now()
    target = folder / f"tieout-{at:%Y%m%dT%H%M%S.%fZ}"
    draft = target.with_name(f".{target.name}")
    try:
        draft.mkdir(mode=0o700, parents=True)
        elsewhere = _copy_all(settings, draft)
        files = {str(path.relative_to(draft)): _digest(path) for path in _walk(draft)}
        archive = Backup(str(target), at.isoformat(), _version(), files, elsewhere)
        (draft / MANIFEST).write_text(json.dumps(asdict(archive), indent=1), encoding="utf-8")
        draft.rename(target)
    except OSError as error:
        raise _unusable(error, folder) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return archive


def restore(settings: Settings, folder: Path) -> Backup:
    """Put a backup into the places that the settings name. Nothing that is there is overwritten.

    Raises RunError for a backup that was changed or is not whole, and for a place that is not empty.
    """
    archive = _checked(folder)
    _refuse_occupied(settings, folder)
    try:
        for name, path in _small_files(settings, folder):
            if not path.exists():  # users and rules that are there are this machine's
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(folder / name, path)
        for name, setting in _FOLDERS.items():
            if (folder / name).is_dir():
                shutil.copytree(folder / name, _local(settings, setting) or Path(), dirs_exist_ok=True)
    except OSError as error:
        raise _unusable(error, folder) from None
    for name, url in zip((_STORE, _CHECKPOINTS), _urls(settings), strict=True):
        if name in archive.files:
            database_copies.load(url, folder / name)
    return archive


def _copy_all(settings: Settings, draft: Path) -> list[str]:
    if _apart(settings):
        database_copies.dump(settings.checkpoint_url, draft / _CHECKPOINTS)
    with anchor.frozen(connect(settings.database_url)):
        for path in _beside_store(settings):
            (draft / _DESK).mkdir(exist_ok=True)
            shutil.copy2(path, draft / _DESK / path.name)
        database_copies.dump(settings.database_url, draft / _STORE)
    for name, setting in _FILES.items():
        if (path := Path(getattr(settings, setting))).is_file():
            shutil.copy2(path, draft / name)
    elsewhere = []
    for name, setting in _FOLDERS.items():
        source = _local(settings, setting)
        if source is None:
            elsewhere.append(f"{setting.upper()} ({getattr(settings, setting)})")
        elif source.is_dir():
            # Results that are not whole yet begin with a dot; they are made anew.
            shutil.copytree(source, draft / name, ignore=shutil.ignore_patterns(".*"))
    return elsewhere


def _beside_store(settings: Settings) -> Iterator[Path]:
    """Give the small files beside the store that are the desk's memory too."""
    folder = connect(settings.database_url).folder
    files = [url for url in _urls(settings) if url.startswith("sqlite")]  # an anchor is named by its database
    databases = {Path(url.removeprefix("sqlite:///")).name for url in files}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        left_out = path.name.startswith((".", *databases)) or path.name in _NOT_KEPT
        if not path.is_file() or path.is_symlink() or left_out:
            continue
        if path.suffix == _GROWS or path.stat().st_size < _MOST_BYTES:
            yield path


def _small_files(settings: Settings, folder: Path) -> Iterator[tuple[str, Path]]:
    """Give each small file of a backup, with the place that it goes to."""
    for name, setting in _FILES.items():
        if (folder / name).is_file():
            yield name, Path(getattr(settings, setting))
    desk = connect(settings.database_url).folder
    for path in sorted((folder / _DESK).glob("*")):
        yield f"{_DESK}/{path.name}", desk / path.name


def _refuse_occupied(settings: Settings, folder: Path) -> None:
    small = [path for name, path in _small_files(settings, folder) if name not in _FILES and path.exists()]
    folders = [path for setting in _FOLDERS.values() if (path := _local(settings, setting))]
    full = [path for path in folders if path.is_dir() and any(path.iterdir())]
    for path in (*small, *full):
        raise database_copies.occupied(str(path))
    for url in _urls(settings):
        database_copies.refuse_occupied(url)


def _checked(folder: Path) -> Backup:
    try:
        archive = Backup(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        wrong = [name for name, digest in archive.files.items() if _digest(folder / name) != digest]
    except (OSError, ValueError, TypeError) as error:
        raise RunError(f"this is no whole backup: {error}.", place=str(folder)) from None
    if wrong:
        raise RunError("this file is not as it was backed up.", place=str(folder / wrong[0]))
    return archive


def _apart(settings: Settings) -> bool:
    """Say whether checkpoints lie in a database of their own, which is there yet."""
    store, checkpoints = _urls(settings)
    path = Path(checkpoints.removeprefix("sqlite:///"))
    return store != checkpoints and (not checkpoints.startswith("sqlite:///") or path.is_file())


def _urls(settings: Settings) -> tuple[str, str]:
    """Give the URLs of the store and the checkpoints, in one spelling."""
    plain = [url.replace("+psycopg", "", 1) for url in (settings.database_url, settings.checkpoint_url)]
    return plain[0], plain[1]


def _local(settings: Settings, setting: str) -> Path | None:
    url = str(getattr(settings, setting)).removeprefix("file://")
    return None if "://" in url or not url else Path(url)


def _walk(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _version() -> str:
    try:
        return version("tieout")
    except PackageNotFoundError:  # run from a checkout
        return ""


def _unusable(error: OSError, folder: Path) -> SettingsError:
    place = os.fspath(error.filename) if error.filename else str(folder)
    return SettingsError(f"it cannot be used: {error.strerror}.", place=str(place), remedy="Name another.")
