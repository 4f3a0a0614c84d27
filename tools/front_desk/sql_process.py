"""The process in which a person's SELECT runs: its job comes on standard input; it reads no store."""

from __future__ import annotations

import json
import math
import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from tools.books import read_only_sql
from tools.core import settings
from tools.core.child_process import end_after, limit_this
from tools.front_desk import answering, free_sql, snapshot
from tools.store.models import AuditRun

MOST_CHARACTERS: Final = 20_000_000
_MEMORY: Final = 4 << 30  # of address space: the engine's own limit is below it
_CPU_SECONDS: Final = 120
_GRACE: Final = 1.0  # seconds after the interruption, for calls that hear none


def main() -> None:
    """Run the statement that standard input names; write columns and rows, or why there are none."""
    job = json.load(sys.stdin)
    limit_this(memory=_MEMORY, cpu_seconds=_CPU_SECONDS)
    sys.stdout.write(json.dumps(came_of(job)))
    sys.stdout.flush()
    os._exit(0)  # the engine's threads may abort an interpreter that is taken down around them


def came_of(job: Mapping[str, Any]) -> dict[str, Any]:
    """Give columns, rows and seconds, or why: what the engine says, or that it takes or gives too much."""
    opened = snapshot.at_folder(AuditRun(run_id=job["run_id"]), Path(job["folder"]), settings.load())
    opened.put_flags(job["flags"])
    free_sql.lock(opened.books, read_only_sql.tables_in(job["statement"]))
    end_after(job["seconds"] + _GRACE)
    started = time.perf_counter()
    try:
        columns, rows = _fetched(opened.books.connection, job)
    except duckdb.InterruptException:
        return {"why": f"it takes longer than {job['seconds']:g} s"}
    except duckdb.Error as error:
        return {"why": str(error).splitlines()[0].rstrip(".")}
    except MemoryError:
        return {"why": "it takes more memory than it may"}
    seconds = round(time.perf_counter() - started, 4)
    if column := _endless(rows):
        return {
            "why": f"column {column} holds no finite number: divide by nullif(..., 0), which leaves it empty"
        }
    if sum(len(str(value)) for row in rows for value in row.values()) > MOST_CHARACTERS:
        return {"why": f"it gives more than {MOST_CHARACTERS:,} characters"}
    return {"columns": columns, "rows": rows, "seconds": seconds}


def _endless(rows: Sequence[Mapping[str, Any]]) -> str:
    """Name the first column with a value that a division by zero or an overflow made; "" for none."""
    return next((name for row in rows for name, value in row.items() if not _is_finite(value)), "")


def _is_finite(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def _fetched(
    connection: duckdb.DuckDBPyConnection, job: Mapping[str, Any]
) -> tuple[list[str], list[dict[str, Any]]]:
    timer = threading.Timer(job["seconds"], connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        relation = connection.sql(job["statement"]).limit(job["most"] + 1)
        names = [str(name) for name in relation.columns]
        return names, [
            dict(zip(names, map(answering.json_value, row), strict=True)) for row in relation.fetchall()
        ]
    finally:
        timer.cancel()


if __name__ == "__main__":
    main()
