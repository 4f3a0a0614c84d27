"""Do something in a bounded time: a call that hangs is left behind in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


class LateError(Exception):
    """It was not done in time."""


def within(seconds: float, work: Callable[[], T], *, late: Callable[[], None] | None = None) -> T:
    """Do `work` in its own thread and give what it gives, or raises.

    Raises LateError after `seconds`, having called `late` so that the work can be stopped.
    """
    future: Future[T] = Future()

    def body() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - handed to the waiting thread
            future.set_exception(error)

    threading.Thread(target=copy_context().run, args=(body,), daemon=True).start()
    try:
        return future.result(max(0.0, seconds))
    except FutureTimeout:
        if future.done():  # the work's own error
            raise
        if late is not None:
            late()
        raise LateError(f"not done in {seconds:g} s") from None
