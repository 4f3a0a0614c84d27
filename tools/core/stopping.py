"""A request to stop, which long work looks at between two files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tools.core.errors import RunError

_REQUESTED = threading.Event()


class StoppedError(RunError):
    """The work was stopped on request, between two of its steps."""

    exit_code = 130


def request() -> None:
    """Ask all long work of this process to stop."""
    _REQUESTED.set()


def check() -> None:
    """Raise StoppedError where somebody asked to stop."""
    if _REQUESTED.is_set():
        raise StoppedError(
            "stopped on request, while the books were read.", remedy="Go on: tieout resume RUN"
        )


@contextmanager
def fresh() -> Iterator[None]:
    """Forget an earlier request, before and after the enclosed work."""
    _REQUESTED.clear()
    try:
        yield
    finally:
        _REQUESTED.clear()
