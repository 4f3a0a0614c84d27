"""Processes that end soon: what they opened is closed, what they wrote is there, what works is waited for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.processes import ROOT

_SCRIPT = """
import atexit, sys, threading, time
from tools.core.ending import leave
atexit.register(print, "closed")
print("written")
{}
leave(3)
print("returned")
sys.exit(4)
"""
_WORKER = "threading.Thread(target=lambda: (time.sleep(0.3), print('worked')), daemon={}).start()"


@pytest.mark.parametrize(
    ("before", "lines", "code"),
    [
        ("", ["written", "closed"], 3),
        (_WORKER.format(True), ["written", "closed"], 3),
        (_WORKER.format(False), ["written", "returned", "worked", "closed"], 4),
    ],
)
def test_a_process_leaves_when_nothing_is_left_to_do(before: str, lines: list[str], code: int) -> None:
    """Hooks run and output is flushed first; a thread that Python would wait for is waited for."""
    ended = subprocess.run(
        [sys.executable, "-c", _SCRIPT.format(before)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.stdout.split() == lines
    assert ended.returncode == code
