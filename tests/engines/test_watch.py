"""A driver whose cluster is gone does not wait for it without an end."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tools.checks.engines.spark_watch import watched


class Context:
    """A driver's context as far as it is looked at: how many executors it knows, and its end."""

    def __init__(self, executors: int) -> None:
        self.stopped = threading.Event()
        status = SimpleNamespace(size=lambda: executors + 1)
        java = SimpleNamespace(getExecutorMemoryStatus=lambda: status)
        self._jsc = SimpleNamespace(sc=lambda: java)

    def stop(self) -> None:
        """End it."""
        self.stopped.set()


@pytest.mark.parametrize(
    ("executors", "answers", "is_stopped"), [(0, False, True), (2, False, False), (0, True, False)]
)
def test_only_a_cluster_that_is_gone_is_given_up(executors: int, *, answers: bool, is_stopped: bool) -> None:
    """A master alone may be away, and executors may be yet to come."""
    context = Context(executors)
    with watched(cast("Any", context), lambda: answers, every=0.01):
        assert context.stopped.wait(5 if is_stopped else 0.2) == is_stopped
