"""A desk whose run over small books waits for people: audited once for all workers of a test session."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from tests.graph.small import TOKENS, settings_of, write_books

THREAD = "t1"
DESK = "waiting-desk"


@pytest.fixture(scope="session")
def waiting_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a desk with one waiting run, which riley started in thread t1: copy it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / f"{DESK}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first to come audits, the others wait and take it
        if not (shared / DESK).exists():
            _audit(shared / f"{DESK}-in-the-making")
            (shared / f"{DESK}-in-the-making").rename(shared / DESK)
    return shared / DESK


def _audit(folder: Path) -> None:
    from graph.runtime import session  # noqa: PLC0415 - most workers find the desk made
    from tools.store import close_stores  # noqa: PLC0415 - as above

    shutil.rmtree(folder, ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings_of(folder).items():
            patch.setenv(name, value)
        session.start({"sources": str(write_books(folder))}, thread_id=THREAD, token=TOKENS["riley"])
        close_stores()


def copy_waiting_desk(waiting_desk: Path, folder: Path) -> dict[str, str]:
    """Put a copy of that desk into a folder; give the settings that point there."""
    shutil.copytree(waiting_desk, folder, dirs_exist_ok=True)
    return settings_of(folder)
