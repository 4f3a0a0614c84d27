"""Read documents in a process of their own, each within its time of the processor, busy machine or not."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import psutil

from tools.core.child_environment import environment
from tools.core.settings import Settings
from tools.ledger.documents.worker import FRAME, Rows

STARTING: Final = 30.0  # for the process to come up
LATE_DOCUMENTS: Final = 5  # documents that may take all of that; then each has a tenth of it
CLOCK: Final = 6  # times a document's seconds by the clock, where the process gets little of the processor


@dataclass(frozen=True)
class DocumentLimits:
    """How much of a document is read: bytes, seconds, pages of a PDF, parts of a mail."""

    size: int = 25 << 20
    seconds: float = 10.0
    pages: int = 500
    parts: int = 200

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take the limits that the settings say."""
        return cls(
            settings.document_bytes,
            settings.document_seconds,
            settings.document_pages,
            settings.mail_parts,
        )


class DocumentReader:
    """A process that reads documents; one that hangs or dies is started again."""

    def __init__(self, limits: DocumentLimits | None = None) -> None:
        self.limits, self._late = limits or DocumentLimits(), 0
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
        if len(data) > self.limits.size:
            why = f"is larger than {self.limits.size:,} bytes (TIEOUT_DOCUMENT_BYTES)"
            return [{"problem": why, "raw": ""}], False
        fresh, seconds = self._process is None, self.limits.seconds
        if self._late >= LATE_DOCUMENTS:  # a folder full of such files ends, too
            seconds /= 10
        process = self._process = self._process or _started(self.limits)
        try:
            assert process.stdin is not None  # noqa: S101 - a pipe
            process.stdin.write(FRAME.pack(form.encode().ljust(4), len(data)) + data)
            process.stdin.flush()
            answer = _answer(process, _Allowance(process.pid, seconds, STARTING if fresh else 0.0))
        except (OSError, TimeoutError) as error:
            self._stop()
            late = isinstance(error, TimeoutError)
            self._late += late
            why = f"could not be read within {seconds:g} s (TIEOUT_DOCUMENT_SECONDS)"
            why = why if late else "broke its reader"
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


def _started(limits: DocumentLimits) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own module, with two numbers
        [sys.executable, "-m", "tools.ledger.documents.worker", str(limits.pages), str(limits.parts)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )


class _Allowance:
    """What one answer may take: so many seconds of the processor, CLOCK times as many by the clock."""

    def __init__(self, pid: int, seconds: float, starting: float) -> None:
        self._pid, self._begun, self._used = pid, time.monotonic(), _processor_seconds(pid)
        self._processor, self._clock = seconds + starting, CLOCK * seconds + starting

    def wait(self) -> float:
        """Give how long to wait before looking again. Raises TimeoutError when it is used up."""
        passed = time.monotonic() - self._begun
        processor = self._processor - (_processor_seconds(self._pid) - self._used)
        left = min(self._clock - passed, max(processor, 0.0))
        if left <= 0:
            raise TimeoutError
        return left


def _processor_seconds(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.NoSuchProcess:  # its answer's end says so
        return 0.0
    return float(times.user + times.system)


def _answer(process: subprocess.Popen[bytes], allowance: _Allowance) -> bytes:
    """Wait for one answer. Raises TimeoutError, or OSError when the process is gone."""
    _, size = FRAME.unpack(_exactly(process, FRAME.size, allowance))
    return _exactly(process, size, allowance)


def _exactly(process: subprocess.Popen[bytes], size: int, allowance: _Allowance) -> bytes:
    assert process.stdout is not None  # noqa: S101 - a pipe
    descriptor = process.stdout.fileno()
    data = bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(descriptor, selectors.EVENT_READ)
        while len(data) < size:
            if not waiting.select(allowance.wait()):
                continue
            part = os.read(descriptor, min(1 << 20, size - len(data)))
            if not part:
                raise BrokenPipeError
            data += part
    return bytes(data)
