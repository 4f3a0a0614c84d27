"""A workspace that is no local folder (S3, or another file system of fsspec), and its local copy.

Published folders are immutable: each machine loads one once, compares its digests, and keeps it. A result is
uploaded under the name of its attempt; the pointer that makes it the result is written only where there is
none, so that of two attempts the first stands, and none is seen by halves.
"""

from __future__ import annotations

import json
import shutil
import uuid
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from tools.core import remote_place
from tools.core.errors import RunError, SettingsError
from tools.runs import file_digests, workspace_identity
from tools.runs.file_digests import LISTING


class SharedFolder:
    """A workspace elsewhere: folders of runs, uploaded when whole, loaded where they are used."""

    def __init__(self, url: str, cache: Path) -> None:
        """Name the place; nothing is asked of it yet."""
        import fsspec

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


def _reached(url: str) -> AbstractContextManager[None]:
    """Say which setting names what cannot be reached, whatever its driver raises."""
    place, remedy = f"setting WORKSPACE_URL ({url})", "Give a folder, or s3://..."
    return remote_place.reached(url, place, SettingsError, name="the workspace", remedy=remedy)
