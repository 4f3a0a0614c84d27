"""Drive an audit to its end as a process of its own, and be killed where the test says."""

from __future__ import annotations

import functools
import importlib
import os
import signal
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from tests.processes import run_process

TOKENS = ("token-dana", "token-omar")
CHECKS = {
    "quality": "tools.checks.quality.check",
    "anomaly": "tools.checks.anomaly.check",
    "reconciliation": "tools.checks.reconciliation.reconcile",
}


def drive(folder: Path, environment: Mapping[str, str], kill: str = "") -> CompletedProcess[str]:
    """Start or go on with the thread named in FOLDER/thread, and answer everything as the two approvers.

    Appends the name of each check that finishes to FOLDER/finished.
    kill: node:before or node:after sends SIGKILL to the process at that point of that node.
    """
    return run_process(
        _live, folder, kill, cwd=folder, environment={**os.environ, **environment}, seconds=120
    )


def _live(folder: Path, kill: str) -> None:
    """Go on until nothing is left to do."""
    _kill_at(kill)
    _count(folder / "finished")
    session = importlib.import_module("graph.runtime.session")
    marker = folder / "thread"
    if not marker.exists():
        marker.write_text("audit-of-small-books")
        _first(session, marker.read_text(), folder)
    standing = session.resume(marker.read_text())
    while standing.asked:
        for token in TOKENS:
            if standing.asked:
                subjects = [action["args"]["subject"] for action in standing.asked["action_requests"]]
                decisions = [{"type": "approve", "subject": name} for name in subjects]
                standing = session.answer(standing.thread_id, decisions, token=token)


def _first(session: Any, thread: str, folder: Path) -> None:  # noqa: ANN401 - the module, imported late
    session.start({"sources": str(folder / "sources.yaml")}, thread_id=thread)


def _kill_at(point: str) -> None:
    if not point:
        return
    name, moment = point.split(":")
    nodes = Path(__file__).parents[2] / "nodes"
    graph = next(graph for graph in ("audit", "investigation") if (nodes / graph / f"{name}.py").exists())
    module = importlib.import_module(f"nodes.{graph}.{name}")
    setattr(module, name, _killed_at(getattr(module, name), moment))


def _killed_at(node: Callable[..., Any], moment: str) -> Callable[..., Any]:
    @functools.wraps(node)
    def wrapped(*args: object, **kwargs: object) -> object:
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        update = node(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)
        return update

    return wrapped


def _count(log: Path) -> None:
    checking = importlib.import_module("tools.audit.run_check")
    publish = checking.Attempt.publish

    def counted(attempt: Any, result: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - an Attempt
        published: dict[str, Any] = publish(attempt, result)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{attempt.target.name}\n")
        return published

    checking.Attempt.publish = counted
