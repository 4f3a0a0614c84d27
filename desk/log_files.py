"""Logs in files: each process has its own, which begins anew at a size; old ones are deleted."""

from __future__ import annotations

import logging
import os
import socket
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from tools.core.errors import SettingsError
from tools.core.settings import Settings

MOST_FILES: Final = 50  # of one process, however young
_BYTES_A_MB: Final = 1 << 20
_SECONDS_A_DAY: Final = 86_400.0


class ProcessLog(RotatingFileHandler):
    """The log of this process in a folder. Whenever it begins a file, logs past their days are deleted."""

    def __init__(self, folder: Path, rotation_mb: float, retention_days: float) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._days = folder, retention_days
        host = socket.gethostname().partition(".")[0]
        path = folder / f"{host}-{os.getpid()}.log"
        size = max(1, round(rotation_mb * _BYTES_A_MB))
        super().__init__(path, maxBytes=size, backupCount=MOST_FILES, encoding="utf-8", delay=True)
        forget_old(folder, retention_days)

    def doRollover(self) -> None:  # noqa: N802 - as logging calls it
        """Begin a new file, and delete what is past its days."""
        super().doRollover()
        forget_old(self._folder, self._days)


def forget_old(folder: Path, days: float) -> list[Path]:
    """Delete logs that nobody has written to for so many days; give which."""
    before = time.time() - days * _SECONDS_A_DAY
    old = [path for path in sorted(folder.glob("*.log*")) if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def handler_of(settings: Settings) -> logging.Handler | None:
    """Give what writes this process's log to the folder of the settings; None where they name none."""
    if settings.log_folder is None:
        return None
    try:
        return ProcessLog(settings.log_folder, settings.log_rotation_mb, settings.log_retention_days)
    except OSError as error:
        raise SettingsError(
            f"cannot be written to: {error.strerror}.",
            place=f"setting TIEOUT_LOG_FOLDER, {settings.log_folder}",
            remedy="Name a folder that this account may write to.",
        ) from None
