"""A run's folder: results appear in it whole or not at all.

WORKSPACE_URL names a folder (mounted ones too), or a place of another kind (S3): then each machine keeps a
copy of what it uses under TIEOUT_WORKSPACE_CACHE, and what is published goes to both.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from tools.core.digest import digest
from tools.core.errors import RunError, SettingsError
from tools.core.settings import Settings
from tools.rules.model import Rules
from tools.runs import file_digests, run_rules, seals, workspace_identity
from tools.runs.shared_folder import SharedFolder
from tools.store import Store, open_store

RESULT = "result.json"
SNAPSHOT = "snapshot"
_FILE = "file://"

_shared: dict[tuple[str, int], SharedFolder] = {}  # by local copy and process: connections survive no fork
_opening = threading.Lock()


class Attempt:
    """One attempt at a result: written under its own name, renamed when whole.

    After `cancel` it can no longer publish, so that a late worker changes nothing. An error inside `with`
    cancels.
    """

    def __init__(self, run_folder: Path, name: str) -> None:
        self.target = run_folder / name
        self.folder = run_folder / f".{name}.{uuid.uuid4().hex[:12]}"
        self._lock, self._cancelled = threading.Lock(), False
        self.folder.mkdir(parents=True)

    @property
    def uri(self) -> str:
        """Name the result within the workspace, wherever that is mounted: run/name."""
        return f"{self.target.parent.name}/{self.target.name}"

    def publish(self, result: dict[str, Any]) -> dict[str, Any]:
        """Write `result.json` and the files' digests, and give the folder its name.

        If another attempt was first, give that one's result.
        """
        (self.folder / RESULT).write_text(json.dumps(result), encoding="utf-8")
        file_digests.write(self.folder)
        with self._lock:
            if self._cancelled:
                raise RunError("this attempt was given up.", place=str(self.target))
            self._put()
        return read_json(self.target / RESULT)

    def _put(self) -> None:
        shared = _shared.get((str(self.target.parents[1]), os.getpid()))
        run_id, name = self.target.parent.name, self.target.name
        if shared is not None and not shared.push(run_id, name, self.folder):
            shared.fetch(run_id, name)
        try:
            self.folder.rename(self.target)
        except OSError:
            if not (self.target / RESULT).is_file():
                raise
            shutil.rmtree(self.folder)

    def cancel(self) -> None:
        """Give the attempt up and remove what it wrote."""
        with self._lock:
            self._cancelled = True
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.cancel()


def run_folder(settings: Settings, run_id: str) -> Path:
    """Give a run's folder, absolute; of a workspace elsewhere, its local copy with all that was published."""
    shared, root = _places(settings)
    if shared is not None:
        for name in seals.published(open_store(settings.database_url), run_id):
            shared.fetch(run_id, name)
    return root / run_id


def uploads_folder(settings: Settings) -> Path:
    """Give the folder of what people sent to the pages, on this machine; runs keep what they read of it."""
    return _places(settings)[1] / "uploads"


def located(settings: Settings, uri: str) -> Path:
    """Give the local file or folder of a reference: run/result/file, or an absolute path of older runs."""
    if Path(uri).is_absolute():
        return Path(uri)
    run_id, name, *rest = uri.split("/")
    shared, root = _places(settings)
    if shared is not None:
        shared.fetch(run_id, name)
    return root.joinpath(run_id, name, *rest)


def identity(settings: Settings) -> str:
    """Give the id of the workspace in force; empty where nothing was kept in it yet."""
    shared, root = _places(settings)
    if shared is not None:
        return shared.identity()
    with _usable(root):
        return workspace_identity.of_folder(root)


def claim(settings: Settings) -> str:
    """Give the id of the workspace in force, which it gets from whoever keeps something in it first."""
    shared, root = _places(settings)
    if shared is not None:
        return shared.claim()
    with _usable(root):
        return workspace_identity.claim_folder(root)


@contextmanager
def _usable(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SettingsError(
            f"the workspace cannot be used: {error.strerror} ({error.filename}).",
            place=f"setting WORKSPACE_URL ({root})",
            remedy="Let this user read and write it, or name another folder.",
        ) from None


def _places(settings: Settings) -> tuple[SharedFolder | None, Path]:
    """Give the workspace in force: what is elsewhere, and the local folder of its runs."""
    url = settings.workspace_url.removeprefix(_FILE)
    if "://" not in url:
        return None, Path(url).resolve()
    root = settings.workspace_cache.resolve() / digest(url)[:16]
    with _opening:
        key = (str(root), os.getpid())
        if key not in _shared:
            _shared[key] = SharedFolder(url, root)
        return _shared[key], root


def seal(store: Store, run: Path, name: str) -> None:
    """Put a published result's digests on the run's trail, once."""
    seals.record(store, run.name, run / name)


def keep_rules(run: Path, rules: Rules) -> None:
    """Keep the rules that this run goes by, so that a later edit does not change it halfway."""
    run_rules.write(run, rules)


def rules_in_force(run: Path) -> Rules:
    """Give the rules that this run goes by."""
    return Rules.model_validate_json((run / run_rules.RULES).read_bytes())


def published(run: Path, name: str) -> dict[str, Any] | None:
    """Give an earlier attempt's whole result, if there is one."""
    path = run / name / RESULT
    return read_json(path) if path.is_file() else None


def newest(run: Path, name: str) -> Path | None:
    """Give the folder of the last published result of a step: "anomaly" for anomaly-1, anomaly-2 ..."""
    results = run.glob(f"{name}-*/{RESULT}")
    last = max(results, key=lambda path: (path.stat().st_mtime_ns, path), default=None)
    return last.parent if last else None


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object."""
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return value
