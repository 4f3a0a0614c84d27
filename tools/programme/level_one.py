"""The first level of recovery: what a worker does itself about a failed command, once, before it reports it.

remedy(kind, ...) -> Remedied | None      None: a worker has nothing to try
Only what lies in the task's own folders is changed, never what a link in them leads to.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
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
_OWNER_FILE: Final = 0o600


@dataclass(frozen=True)
class Remedied:
    """What was done, what it was before and after, and what the next run gets. again: it is run once more."""

    action: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    wait_seconds: float = 0.0
    again: bool = True


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
    does: Mapping[str, Callable[[], Remedied | None]] = {
        "reinstall": lambda: _reinstalled(begun, folder.parent, output),
        "fix_modes": lambda: _modes(folder.parent),
        "smaller_batch": lambda: _smaller_batch(settings),
        "back_off": _back_off,
        "remind": lambda: _to_remind(begun),
        "extend_timeout": lambda: None,  # it was, while it ran
    }
    return does[remedy_of.action]() if remedy_of else None


def _smaller_batch(settings: Mapping[str, str]) -> Remedied:
    before = int(settings.get(BATCH, WHOLE_BATCH))
    after = max(1, before // 2)
    return Remedied("smaller_batch", {"batch": before}, {"batch": after}, {BATCH: str(after)})


def _back_off() -> Remedied:
    return Remedied(
        "back_off", {"seconds": 0.0}, {"seconds": BACK_OFF_SECONDS}, wait_seconds=BACK_OFF_SECONDS
    )


def _to_remind(begun: TaskStart) -> Remedied:
    """Name who is to be reminded that a command's evidence is missing: its preparer, if it has one."""
    reminded = [name for name in (begun.spec.task.preparer,) if name]
    return Remedied("remind", {"reminded": []}, {"reminded": reminded}, again=False)


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
    before, after = {}, {}
    for path in _own(folder):
        mode = stat.S_IMODE(path.stat().st_mode)
        owners = mode | (_OWNER if path.is_dir() else _OWNER_FILE)
        if owners != mode:
            path.chmod(owners)
            name = str(path.relative_to(folder.parent))
            before[name], after[name] = f"{mode:03o}", f"{owners:03o}"
    return Remedied("fix_modes", before, after)


def _own(folder: Path) -> Iterator[Path]:
    """Give a task's folder, the one that it lies in, and all in it, each folder before what lies in it."""
    yield folder.parent
    yield folder
    for root, folders, files in os.walk(folder):
        yield from (path for name in (*folders, *files) if not (path := Path(root, name)).is_symlink())


def _site(folder: Path) -> Path:
    return folder / "site"
