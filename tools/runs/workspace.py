"""A run's folder: results appear in it whole or not at all."""

from __future__ import annotations

import json
import shutil
import threading
import uuid
from pathlib import Path
from typing import Any

from tools.core.errors import RunError, SettingsError
from tools.core.settings import Settings
from tools.rules.model import Rules

RESULT = "result.json"
SNAPSHOT = "snapshot"
_RULES = "rules.json"


class Attempt:
    """One attempt at a result: written under its own name, renamed when whole.

    After `cancel` it can no longer publish, so that a late worker changes nothing.
    """

    def __init__(self, run_folder: Path, name: str) -> None:
        self.target = run_folder / name
        self.folder = run_folder / f".{name}.{uuid.uuid4().hex[:12]}"
        self._lock, self._cancelled = threading.Lock(), False
        self.folder.mkdir(parents=True)

    def publish(self, result: dict[str, Any]) -> dict[str, Any]:
        """Write `result.json` and give the folder its name; if another was first, give that one's result."""
        (self.folder / RESULT).write_text(json.dumps(result), encoding="utf-8")
        with self._lock:
            if self._cancelled:
                raise RunError("this attempt was given up.", place=str(self.target))
            try:
                self.folder.rename(self.target)
            except OSError:
                if not (self.target / RESULT).is_file():
                    raise
                shutil.rmtree(self.folder)
        return read_json(self.target / RESULT)

    def cancel(self) -> None:
        """Give the attempt up and remove what it wrote."""
        with self._lock:
            self._cancelled = True
        shutil.rmtree(self.folder, ignore_errors=True)


def run_folder(settings: Settings, run_id: str) -> Path:
    """Give a run's folder, absolute. Raises SettingsError for a workspace that is not a local folder."""
    url = settings.workspace_url.removeprefix("file://")
    if "://" in url:
        raise SettingsError(
            f"'{settings.workspace_url}' is not a local folder.",
            place="setting WORKSPACE_URL",
            remedy="Give a folder; object stores are not supported yet.",
        )
    return Path(url).resolve() / run_id


def keep_rules(run: Path, rules: Rules) -> None:
    """Keep the rules that this run goes by, so that a later edit does not change it halfway."""
    (run / _RULES).write_text(rules.model_dump_json(indent=1), encoding="utf-8")


def rules_in_force(run: Path) -> Rules:
    """Give the rules that this run goes by."""
    return Rules.model_validate_json((run / _RULES).read_bytes())


def published(run: Path, name: str) -> dict[str, Any] | None:
    """Give an earlier attempt's whole result, if there is one."""
    path = run / name / RESULT
    return read_json(path) if path.is_file() else None


def newest(run: Path, name: str) -> Path | None:
    """Give the folder of the last published result of a step: "anomaly" for anomaly-1, anomaly-2 ..."""
    made = max(run.glob(f"{name}-*/{RESULT}"), key=lambda path: (path.stat().st_mtime_ns, path), default=None)
    return made.parent if made else None


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
