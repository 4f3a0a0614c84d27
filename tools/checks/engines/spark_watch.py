"""Watch a standalone Spark while it works: a driver whose cluster is gone waits for it without an end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from py4j.protocol import Py4JError

if TYPE_CHECKING:
    from pyspark import SparkContext

_EVERY: Final = 5.0  # seconds
_MISSES: Final = 3  # looks in a row at which nobody is there


@contextmanager
def watched(context: SparkContext, answers: Callable[[], bool], every: float = _EVERY) -> Iterator[None]:
    """Stop a context once its master does not answer and no executor is left; what runs on it then fails.

    A master alone may go: executors work on without it.
    """
    over = threading.Event()

    def watch() -> None:
        misses = 0
        while not over.wait(every):
            misses = misses + 1 if not answers() and not _has_executors(context) else 0
            if misses == _MISSES:
                context.stop()
                return

    watcher = threading.Thread(target=watch, name="spark-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()


def _has_executors(context: SparkContext) -> bool:
    try:
        java = context._jsc.sc()  # noqa: SLF001 - nothing public says it
        return int(java.getExecutorMemoryStatus().size()) > 1  # the driver is one of them
    except (AttributeError, Py4JError):  # it was stopped meanwhile
        return False
