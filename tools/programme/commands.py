"""Run a task's command: no shell, from the programme's folder, bounded in memory and time, its figures read.

run(command, limits, ...) -> Ended
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import psutil
from defusedxml import ElementTree

from tools.programme import limited

FIGURES: Final = "figures.json"
JUNIT: Final = "junit.xml"
OUTPUT: Final = "output.txt"
_LOOK_SECONDS: Final = 0.05
_PASSED_ON: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "TZ", "SYSTEMROOT")
_TAIL: Final = 20_000
_TEST: Final = re.compile(
    r"^(\S+::\S+) (PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b.*?\[ *(\d+)%\]", re.MULTILINE
)
_BYTES_A_MB: Final = 1 << 20
_PROBE_BYTES: Final = 1 << 16


@dataclass(frozen=True)
class CommandLimits:
    """What a command may take."""

    memory_mb: int
    timeout_seconds: float


@dataclass(frozen=True)
class Ended:
    """How a command ended: what it wrote last, what it took, and the figures that it reached."""

    exit_code: int
    late: bool
    output: str
    seconds: float
    memory_mb: float
    figures: dict[str, Any] = field(default_factory=dict)
    failed_tests: list[str] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Watch:
    """What is told while a command runs. late: gives seconds by which the time is extended."""

    progress: Callable[[Mapping[str, Any]], None] = lambda _: None
    late: Callable[[], float] = lambda: 0.0
    check: Callable[[], None] = lambda: None


def run(
    command: Sequence[str],
    limits: CommandLimits,
    folder: Path,
    home: Path,
    *,
    environment: Mapping[str, str],
    watch: Watch,
) -> Ended:
    """Run a command. folder: for what it writes; home: where it runs; environment: besides ours."""
    folder.mkdir(parents=True, exist_ok=True)
    words = _words(command, folder)
    started = time.monotonic()
    with (folder / OUTPUT).open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - an allow-listed command, no shell
            [sys.executable, str(Path(limited.__file__)), str(limits.memory_mb), *words],
            cwd=home,
            env={**_environment(command), **environment, "TIEOUT_FIGURES": str(folder / FIGURES)},
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            late, memory = _follow(process, limits, folder, watch, started)
        finally:
            _stop(process)
    seconds = time.monotonic() - started
    text = (folder / OUTPUT).read_text(encoding="utf-8", errors="replace")[-_TAIL:]
    if process.returncode:
        text += _no_room(folder)
    tests, failed, context = _junit(folder / JUNIT)
    figures = {"execution_time": round(seconds, 3), "memory": round(memory, 1), **tests, **_figures(folder)}
    return Ended(process.returncode, late, text, seconds, memory, figures, failed, context)


def _words(command: Sequence[str], folder: Path) -> list[str]:
    if command[0] == "pytest":
        more = ["-v", "-p", "no:cacheprovider", f"--junitxml={folder / JUNIT}"]
        return [sys.executable, "-m", "pytest", *command[1:], *more]
    return [sys.executable, "-m", "desk.cli", *command[1:]]


def _environment(command: Sequence[str]) -> dict[str, str]:
    """Give what a command sees of our environment: tests little, our own commands all but the token."""
    if command[0] == "tieout":
        return {name: value for name, value in os.environ.items() if name != "TIEOUT_TOKEN"}
    # What plugins are installed here would change what a test suite does: it names those that it wants (-p).
    return {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | {
        name: os.environ[name] for name in _PASSED_ON if name in os.environ
    }


def _follow(
    process: subprocess.Popen[bytes], limits: CommandLimits, folder: Path, watch: Watch, started: float
) -> tuple[bool, float]:
    """Wait for the end; give whether its time ran out, and the most memory that it took."""
    allowed, memory, reported = limits.timeout_seconds, 0.0, started
    while process.poll() is None:
        watch.check()
        memory = max(memory, _memory(process.pid))
        now = time.monotonic()
        if now - started > allowed:
            more = watch.late()
            if not more:
                return True, memory
            allowed += more
        if now - reported >= 1.0:
            reported = now
            watch.progress(_progress(folder / OUTPUT, now - started, memory))
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK_SECONDS)
    return False, memory


def _memory(pid: int) -> float:
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return float(sum(each.memory_info().rss for each in family if each.is_running())) / _BYTES_A_MB
    return 0.0


def _progress(output: Path, seconds: float, memory: float) -> dict[str, Any]:
    """Read out of pytest's lines how far it is."""
    lines = _TEST.findall(output.read_text(encoding="utf-8", errors="replace")[-_TAIL:])
    share = int(lines[-1][2]) if lines else 0
    done = len(lines)
    return {
        "percentage": share,
        "current_test": lines[-1][0] if lines else "",
        "tests_completed": done,
        "tests_remaining": round(done * (100 - share) / share) if share else 0,
        "seconds_left": seconds * (100 - share) / share if share else None,
        "memory_usage_mb": round(memory, 1),
    }


def _no_room(folder: Path) -> str:
    """Say that nothing more can be written there: a command that could not say so itself failed of that."""
    probe = folder / ".room"
    try:
        probe.write_bytes(bytes(_PROBE_BYTES))
        probe.unlink()
    except OSError as error:
        probe.unlink(missing_ok=True)
        return f"\n{type(error).__name__}: {error}"
    return ""


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a command: its own processes, by the group that it leads."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _junit(path: Path) -> tuple[dict[str, Any], list[str], dict[str, Any]]:
    try:
        cases = list(ElementTree.parse(path).getroot().iter("testcase"))
    except (OSError, ParseError):
        return {}, [], {}
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    left_out = sum(case.find("skipped") is not None for case in cases)
    counted = len(cases) - left_out
    figures: dict[str, int | float] = {
        "total_tests": len(cases),
        "failed": len(failed),
        "passed": counted - len(failed),
    }
    if counted:
        figures["pass_rate"] = round((counted - len(failed)) / counted, 4)
    context = {} if not failed else _where(failed[0])
    return figures, [str(case.get("name")) for case in failed], context


def _where(case: Any) -> dict[str, Any]:  # noqa: ANN401 - an element of either library
    problem = next((case.find(name) for name in ("failure", "error") if case.find(name) is not None), None)
    text = (problem.text or "") if problem is not None else ""
    lines = re.findall(r"^(\S+\.py):(\d+):", text, re.MULTILINE)
    return {
        "test_file": lines[-1][0] if lines else str(case.get("classname", "")),
        "line_number": int(lines[-1][1]) if lines else 0,
        "function": str(case.get("name")),
        "message": str(problem.get("message", "")) if problem is not None else "",
    }


def _figures(folder: Path) -> dict[str, Any]:
    """Read the figures that a command has written where TIEOUT_FIGURES says."""
    try:
        figures = json.loads((folder / FIGURES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(figures, dict):
        return {}
    return {str(name): value for name, value in figures.items() if isinstance(value, int | float | str)}
