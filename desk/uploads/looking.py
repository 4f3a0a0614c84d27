"""Have a folder looked at in the background, once at a time, and say how far that is."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Final, Literal

import structlog

from desk.uploads.folder import UploadFolder
from tools.core.child_environment import environment
from tools.core.settings import Settings

_log = structlog.get_logger(__name__)
State = Literal["reading", "read", "failed"]
_LOCK: Final = threading.Lock()
_AT_WORK: Final[dict[str, threading.Thread]] = {}


def begin(folder: UploadFolder, limits: Settings) -> None:
    """Look at a folder anew, unless that is under way."""
    with _LOCK:
        at_work = _AT_WORK.get(folder.name)
        if at_work is not None and at_work.is_alive():
            return
        for note in ("preview.json", "problem.json"):
            (folder.path / note).unlink(missing_ok=True)
        thread = threading.Thread(
            target=_look, args=(folder, limits), name=f"look-{folder.name}", daemon=True
        )
        _AT_WORK[folder.name] = thread
        thread.start()


def state(folder: UploadFolder, limits: Settings) -> State:
    """Say whether a folder is read; one that a Server left unread when it stopped is begun again."""
    if (folder.path / "preview.json").is_file():
        return "read"
    if (folder.path / "problem.json").is_file():
        return "failed"
    begin(folder, limits)
    return "reading"


def wait(folder: UploadFolder, seconds: float) -> None:
    """Wait for a short while: most folders are read by then."""
    with _LOCK:
        at_work = _AT_WORK.get(folder.name)
    if at_work is not None:
        at_work.join(seconds)


def _look(folder: UploadFolder, limits: Settings) -> None:
    command = [sys.executable, "-m", "desk.uploads.look", str(folder.path)]
    try:
        subprocess.run(  # noqa: S603 - our own module and a folder of ours
            command,
            check=True,
            timeout=limits.upload_seconds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(),
        )
    except subprocess.TimeoutExpired:
        why = f"they took longer than {limits.upload_seconds:g} s to read (TIEOUT_UPLOAD_SECONDS)."
        folder.write("problem.json", {"why": why})
    except (subprocess.CalledProcessError, OSError) as error:
        words = error.stderr if isinstance(error, subprocess.CalledProcessError) else b""
        _log.error(
            "files could not be read",
            upload=folder.name,
            error=str(error),
            said=words.decode(errors="replace")[-4000:],
        )
        why = "a file broke its reader. Send the files one by one to see which, and tell who runs the desk."
        folder.write("problem.json", {"why": why})
