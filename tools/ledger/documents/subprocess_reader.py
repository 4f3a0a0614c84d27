"""Read documents in a process of their own, each within its time."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from types import TracebackType
from typing import Final, Self

from tools.ledger.documents.worker import FRAME, Rows

SECONDS: Final = 10.0  # for one document
STARTING: Final = 30.0  # for the process to come up
PATIENCE: Final = 5  # documents that may take all of that; then each has a tenth of it
LARGEST: Final = 25 << 20  # bytes of one document; mail servers take no more


class Reader:
    """A process that reads documents; one that hangs or dies is started again."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds, self._late = seconds, 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def read(self, form: str, data: bytes) -> tuple[Rows, bool]:
        """Read one document as rows, and say whether the same bytes would always give the same.

        What cannot be read is one row with `problem` and `raw`.
        """
        if len(data) > LARGEST:
            return [{"problem": f"is larger than {LARGEST >> 20} MB", "raw": ""}], True
        fresh, seconds = self._process is None, self._seconds
        if self._late >= PATIENCE:  # a folder full of such files ends, too
            seconds /= 10
        process = self._process = self._process or _started()
        try:
            assert process.stdin is not None  # noqa: S101 - a pipe
            process.stdin.write(FRAME.pack(form.encode().ljust(4), len(data)) + data)
            process.stdin.flush()
            answer = _answer(process, seconds + (STARTING if fresh else 0))
        except (OSError, TimeoutError) as error:
            self._stop()
            late = isinstance(error, TimeoutError)
            self._late += late
            why = f"could not be read within {seconds:g} s" if late else "broke its reader"
            return [{"problem": why, "raw": ""}], False
        rows: Rows = json.loads(answer)
        return rows, True

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue
        process.wait()


def _started() -> subprocess.Popen[bytes]:
    path = os.pathsep.join(place or os.curdir for place in sys.path)
    return subprocess.Popen(
        [sys.executable, "-m", "tools.ledger.documents.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    )


def _answer(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """Wait for one answer. Raises TimeoutError, or OSError when the process is gone."""
    until = time.monotonic() + seconds
    _, size = FRAME.unpack(_exactly(process, FRAME.size, until))
    return _exactly(process, size, until)


def _exactly(process: subprocess.Popen[bytes], size: int, until: float) -> bytes:
    assert process.stdout is not None  # noqa: S101 - a pipe
    descriptor = process.stdout.fileno()
    held = bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(descriptor, selectors.EVENT_READ)
        while len(held) < size:
            if not waiting.select(max(0.0, until - time.monotonic())):
                raise TimeoutError
            part = os.read(descriptor, min(1 << 20, size - len(held)))
            if not part:
                raise BrokenPipeError
            held += part
    return bytes(held)
