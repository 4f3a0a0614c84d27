"""The first level of recovery: what a worker does itself about a failed command, once, before it reports it.

remedy(kind, ...) -> Remedied | None      None: a worker has nothing to try
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tools.programme.completion import TaskStart
from tools.runs.recovery_table import TABLE, ErrorKind

BATCH: Final = "TIEOUT_BATCH_SIZE"  # a command that reads in batches takes it from there
WHOLE_BATCH: Final = 10_000
BACK_OFF_SECONDS: Final = 2.0
_MODULE: Final = re.compile(r"No module named '?([A-Za-z_][\w.]*)")
_INSTALL_SECONDS: Final = 120
_OWNER: Final = 0o700


@dataclass(frozen=True)
class Remedied:
    """What was done, what it was before and after, and what the next run gets."""

    action: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    wait_seconds: float = 0.0


def environment(begun: TaskStart, folder: Path) -> dict[str, str]:
    """Give what a task's command gets besides: packages installed for it; none in a fresh environment."""
    site = _site(folder)
    if begun.step.resources.get("fresh"):
        shutil.rmtree(site, ignore_errors=True)
    return {"PYTHONPATH": str(site)} if site.is_dir() else {}


def remedy(
    kind: ErrorKind | str, begun: TaskStart, folder: Path, settings: Mapping[str, str], output: str
) -> Remedied | None:
    """Do what the recovery table has a worker do; None where it has nothing to try, or that did not help."""
    remedy_of = TABLE[kind].worker if kind in TABLE else None
    if remedy_of is None:
        return None
    if remedy_of.action == "reinstall":
        return _reinstalled(begun, folder.parent, output)
    if remedy_of.action == "fix_modes":
        return _modes(folder.parent)
    if remedy_of.action == "smaller_batch":
        before = int(settings.get(BATCH, WHOLE_BATCH))
        after = max(1, before // 2)
        return Remedied("smaller_batch", {"batch": before}, {"batch": after}, {BATCH: str(after)})
    if remedy_of.action == "back_off":
        return Remedied("back_off", {}, {"seconds": BACK_OFF_SECONDS}, wait_seconds=BACK_OFF_SECONDS)
    return None  # the time was extended while it ran


def _reinstalled(begun: TaskStart, folder: Path, output: str) -> Remedied | None:
    """Install what was missing from the folder of wheels, without a network; try the import."""
    missing = _MODULE.findall(output)
    wheels = begun.programme.definition.recovery.wheel_folder
    if not missing or not wheels:
        return None
    site, name = _site(folder), missing[-1].partition(".")[0]
    source = Path(begun.source).parent / wheels
    pip = ["-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"]
    command = [sys.executable, *pip, "--find-links", str(source), "--target", str(site), name]
    subprocess.run(command, check=False, capture_output=True, timeout=_INSTALL_SECONDS)  # noqa: S603 - our own interpreter
    probe = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(site)!r}); import {name}"]
    tried = subprocess.run(probe, check=False, capture_output=True, timeout=_INSTALL_SECONDS)  # noqa: S603 - as above
    if tried.returncode:
        return None
    return Remedied("reinstall", {name: "missing"}, {name: "installed"}, {"PYTHONPATH": str(site)})


def _modes(folder: Path) -> Remedied:
    """Make the task's own folders and files its owner's to read and write."""
    mended = []
    for path in [folder, *sorted(folder.rglob("*"))]:
        mode = path.stat().st_mode | (_OWNER if path.is_dir() else 0o600)
        if mode != path.stat().st_mode:
            path.chmod(mode)
            mended.append(str(path.relative_to(folder)))
    return Remedied("fix_modes", {}, {"mended": mended})


def _site(folder: Path) -> Path:
    return folder / "site"
