"""Processes of their own that do not import everything anew: forked from one that has.

    completed = run_process(main, ["runs"], cwd=folder, environment={...})

A fork is a process like any other: it has its folder, its environment, its output and its exit code, it can
be killed, and what it changes in its modules dies with it. Only its imports are not its own; what tests
about imports is to start a fresh one.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Mapping
from functools import cache
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from typing import Any

ROOT = Path(__file__).parents[1]
_SECONDS = 240.0
# Not graph.audit: who drives it may put other nodes in its place before it is imported.
_IMPORTED = [
    "tests.no_garbage",
    "alembic.command",
    "desk.cli.app",
    "desk.views.approval_rows",
    "desk.views.listings",
    "desk.notices.deliver",
    "graph.runtime.checkpoints",
    "holidays.countries",
    "langgraph.graph",
    "langgraph.prebuilt",
    "nodes.audit.apply_decisions",
    "nodes.investigation.ask_model",
    "nodes.audit.check_data_quality",
    "nodes.audit.detect_anomalies",
    "nodes.audit.open_run",
    "nodes.audit.reconcile",
    "nodes.audit.merge_findings",
    "pandas",  # where it is installed, pyarrow asks it what an array is
    "pyarrow.pandas_compat",
    "tools.store",
]


def run_process(
    act: Callable[..., object],
    *arguments: object,
    cwd: Path,
    environment: Mapping[str, str],
    seconds: float = _SECONDS,
) -> CompletedProcess[str]:
    """Call a module's function in a process of its own; give its exit code, and what it wrote.

    It ends as `sys.exit(act(*arguments))` would. Raises TimeoutExpired after so many seconds.
    """
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(folder, "out"), Path(folder, "err")
        child = start(act, *arguments, cwd=cwd, environment=environment, outputs=outputs)
        child.join(seconds)
        if child.exitcode is None:
            child.kill()
            child.join()
            raise TimeoutExpired(act.__qualname__, seconds)
        texts = [path.read_text(encoding="utf-8") if path.exists() else "" for path in outputs]
    return CompletedProcess(act.__qualname__, child.exitcode, *texts)


def start(
    act: Callable[..., object],
    *arguments: object,
    cwd: Path,
    environment: Mapping[str, str],
    outputs: tuple[Path, Path],
) -> ForkServerProcess:
    """Start such a process and give it while it runs, for a test that stops or kills it."""
    child = _fork_server().Process(target=_live, args=(act, arguments, cwd, {**environment}, outputs))
    child.start()
    return child


@cache
def _fork_server() -> ForkServerContext:
    """Start the process that imports, once; only its environment tells it where our modules are."""
    context = get_context("forkserver")
    context.set_forkserver_preload(_IMPORTED)
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)
    try:
        forkserver.ensure_running()
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before
    return context


def _live(  # pragma: no cover - in another process
    act: Callable[..., object],
    arguments: tuple[object, ...],
    cwd: Path,
    environment: dict[str, str],
    outputs: tuple[Path, Path],
) -> None:
    gc.freeze()
    gc.enable()
    for number, path in enumerate(outputs, start=1):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115 - descriptors
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    warnings.simplefilter("error")
    code: Any = 1
    try:
        code = act(*arguments)
    except SystemExit as system_exit:
        code = system_exit.code
    except BaseException:  # noqa: BLE001 - as the interpreter does
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()  # noqa: SLF001 - multiprocessing leaves them out
    sys.exit(code)
