"""A workspace that is no local folder (S3, or another file system of fsspec), and its local copy.

Published folders are immutable: each machine loads one once, compares its digests, and keeps it. A result is
uploaded under the name of its attempt; the pointer that makes it the result is written only where there is
none, so that of two attempts the first stands, and none is seen by halves.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tools.core.errors import RunError, SettingsError, UnreachableError
from tools.runs import file_digests, workspace_identity
from tools.runs.file_digests import LISTING

_EXTRAS = {"s3": "s3", "s3a": "s3"}
_MOST_WORDS = 300


class SharedFolder:
    """A workspace elsewhere: folders of runs, uploaded when whole, loaded where they are used."""

    def __init__(self, url: str, cache: Path) -> None:
        """Name the place; nothing is asked of it yet."""
        import fsspec  # noqa: PLC0415 - a workspace that is a local folder needs none of it

        self.url, self.cache = url, cache
        with _reached(url):
            self._files, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        self._root = root.rstrip("/")
        self._identity = ""

    def identity(self) -> str:
        """Give the workspace's id, asked for once; empty where nothing was kept in it yet."""
        if not self._identity:
            with _reached(self.url), suppress(FileNotFoundError):
                marker = self._files.cat_file(self._at(workspace_identity.MARKER))
                self._identity = workspace_identity.identity(marker)
        return self._identity

    def claim(self) -> str:
        """Give the workspace's id; the first to ask gives it one."""
        if identity := self.identity():
            return identity
        self._create(self._at(workspace_identity.MARKER), workspace_identity.fresh())
        return self.identity()

    def push(self, run_id: str, name: str, folder: Path) -> bool:
        """Upload a whole folder as a run's result; False where another attempt was first.

        folder: with its listing of digests.
        """
        part, pointer = f"{name}.{uuid.uuid4().hex[:12]}", self._at(run_id, f"{name}.json")
        files = file_digests.read(folder) or {}
        with _reached(self.url):
            for file in files:
                self._files.put_file(str(folder / file), self._at(run_id, part, file))
        if self._create(pointer, json.dumps({"part": part, "files": files}).encode()):
            return True
        with _reached(self.url):
            self._files.rm(self._at(run_id, part), recursive=True)
        return False

    def fetch(self, run_id: str, name: str) -> Path | None:
        """Load a run's result into the local copy, unless it is there; None where nobody published it.

        Raises RunError when a file is not as it was uploaded.
        """
        target = self.cache / run_id / name
        if target.is_dir():
            return target
        pointer = self._pointer(run_id, name)
        if pointer is None:
            return None
        draft = target.with_name(f".{name}.{uuid.uuid4().hex[:12]}")
        draft.mkdir(parents=True)
        try:
            self._load(run_id, pointer, draft)
            draft.rename(target)
        except OSError:
            if not target.is_dir():  # else another process was first
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return target

    def _load(self, run_id: str, pointer: dict[str, Any], draft: Path) -> None:
        for file in pointer["files"]:
            (draft / file).parent.mkdir(parents=True, exist_ok=True)
            with _reached(self.url):
                try:
                    self._files.get_file(self._at(run_id, pointer["part"], file), str(draft / file))
                except FileNotFoundError:
                    continue  # the comparison says which
        files = file_digests.listed(draft)
        if wrong := sorted(name for name, file in pointer["files"].items() if files.get(name) != file):
            raise RunError(
                f"missing, or not as it was uploaded: {', '.join(wrong)}.",
                place=f"{self.url}/{run_id}/{pointer['part']}",
                remedy="Put it back from a backup of the workspace, or give the run up: tieout abandon RUN.",
            )
        (draft / LISTING).write_text(json.dumps(pointer["files"], indent=1), encoding="utf-8")

    def _pointer(self, run_id: str, name: str) -> dict[str, Any] | None:
        with _reached(self.url):
            try:
                text = self._files.cat_file(self._at(run_id, f"{name}.json"))
            except FileNotFoundError:
                return None
        pointer: dict[str, Any] = json.loads(text)
        return pointer

    def _create(self, path: str, content: bytes) -> bool:
        """Write a small object where there is none; False where there is one."""
        with _reached(self.url):
            try:
                self._files.pipe_file(path, content, mode="create")
            except FileExistsError:
                return False
        return True

    def _at(self, *names: str) -> str:
        return "/".join((self._root, *names))


@contextmanager
def _reached(url: str) -> Iterator[None]:
    """Say which setting names what cannot be reached, whatever its driver raises."""
    place = f"setting WORKSPACE_URL ({url})"
    try:
        yield
    except (FileNotFoundError, ImportError, ValueError) as error:
        raise _wrong(error, url, place) from None
    except PermissionError as error:
        raise SettingsError(
            f"access to the workspace is refused: {_words(error)}.",
            place=place,
            remedy="Give its credentials as its driver takes them (for S3: AWS_ACCESS_KEY_ID ...).",
        ) from None
    except Exception as error:
        raise UnreachableError(
            f"the workspace cannot be reached: {_words(error)}.",
            place=place,
            remedy="Try again when it is back.",
        ) from error


def _wrong(error: Exception, url: str, place: str) -> SettingsError:
    scheme = url.partition("://")[0]
    if isinstance(error, FileNotFoundError):
        return SettingsError(
            f"there is no such place: {_words(error)}.",
            place=place,
            remedy="Make the bucket or folder first.",
        )
    if isinstance(error, ImportError) and scheme in _EXTRAS:
        return SettingsError(
            f"'{scheme}' needs the extra '{_EXTRAS[scheme]}'.",
            place=place,
            remedy=f"pip install 'tieout[{_EXTRAS[scheme]}]'",
        )
    return SettingsError(
        f"no workspace can be kept there: {_words(error)}.", place=place, remedy="Give a folder, or s3://..."
    )


def _words(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:_MOST_WORDS].rstrip(".")
