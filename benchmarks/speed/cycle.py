"""The whole cycle through the graph, on files: seconds, the share outside the checks, checkpoint bytes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

_CHECKS: Final = ("check_data_quality", "reconcile", "detect_anomalies")


def cycle(sources: str, folder: str) -> tuple[float, dict[str, Any]]:
    """Run an audit from its files until it ends or asks for approval of its flags."""
    home = Path(folder)
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{home}/tieout.db",
        "CHECKPOINT_URL": f"sqlite:///{home}/checkpoints.db",
        "WORKSPACE_URL": str(home / "runs"),
    }
    from graph.runtime import session  # noqa: PLC0415 - after the settings

    clock = _Clock()
    started = time.perf_counter()
    standing = session.start({"sources": sources}, watch=clock.watch)
    seconds = time.perf_counter() - started
    inside = clock.inside()
    return seconds, {
        "stops": (standing.asked or {}).get("kind", "at an approval") if standing.asked else "ended",
        "outside_checks_seconds": round(seconds - inside, 4),
        "outside_checks_share": round(1 - inside / seconds, 4),
        "checkpoint_bytes": checkpoint_bytes(home / "checkpoints.db"),
        "nodes": clock.nodes(),
    }


def checkpoint_bytes(path: Path) -> int:
    """Give the bytes of all values in a checkpoint database (its pages are allotted in lumps)."""
    import sqlite3  # noqa: PLC0415 - for this alone

    with sqlite3.connect(path) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        total = 0
        for table in tables:
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
            lengths = " + ".join(f'coalesce(length(CAST("{column}" AS BLOB)), 0)' for column in columns)
            total += connection.execute(f'SELECT coalesce(sum({lengths}), 0) FROM "{table}"').fetchone()[0]  # noqa: S608 - our own names
    return int(total)


def imports() -> tuple[float, dict[str, Any]]:
    """Import the graph in a new process; how long, and how long `tieout --help` takes as a whole."""
    seconds = {}
    for name, arguments in {
        "graph": ["-c", "import graph.audit"],
        "tools": ["-c", "import tools.books.engine, tools.checks.runner"],
        "help": ["-m", "desk.cli", "--help"],
    }.items():
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)  # noqa: S603 - ourselves
        seconds[f"{name}_seconds"] = round(time.perf_counter() - started, 3)
    return seconds["graph_seconds"], seconds


class _Clock:
    """When each node began and ended, out of the graph's own stream."""

    def __init__(self) -> None:
        self._began: dict[str, tuple[str, float]] = {}
        self._spent: list[tuple[str, float, float]] = []

    def watch(self, mode: str, chunk: Any) -> None:  # noqa: ANN401 - LangGraph's own
        """Take one part of the stream."""
        if mode != "tasks":
            return
        now = time.perf_counter()
        if "result" in chunk or "error" in chunk:
            name, began = self._began.pop(chunk["id"], (chunk["name"], now))
            self._spent.append((name, began, now))
        else:
            self._began[chunk["id"]] = (chunk["name"], now)

    def inside(self) -> float:
        """Seconds from the first check's begin to the last one's end: they run side by side."""
        spans = [(began, ended) for name, began, ended in self._spent if name in _CHECKS]
        return max(e for _, e in spans) - min(b for b, _ in spans) if spans else 0.0

    def nodes(self) -> dict[str, float]:
        """Seconds of each node."""
        by_node: dict[str, float] = {}
        for name, began, ended in self._spent:
            by_node[name] = round(by_node.get(name, 0.0) + ended - began, 4)
        return by_node
