"""Where words go: rows to standard output, everything said about them to standard error."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache

from rich.console import Console
from rich.theme import Theme

_THEME = Theme(
    {
        "critical": "bold red",
        "warning": "yellow",
        "info": "cyan",
        "good": "green",
        "bad": "bold red",
        "quiet": "dim",
        "head": "bold",
    }
)
_STYLES = {
    "CRITICAL": "critical",
    "WARNING": "warning",
    "INFO": "info",
    "failed": "bad",
    "degraded": "warning",
    "not_applicable": "quiet",
    "waiting": "warning",
    "paused": "warning",
    "rejected": "quiet",
    "noted": "quiet",
    "approved": "good",
    "proposed": "warning",
    "closed": "good",
    "ran": "good",
}


class _Patient(Console):
    """A console whose reader may leave: what it says then goes nowhere, and what is being done goes on."""

    def on_broken_pipe(self) -> None:
        """Fall silent; rich would end the process, and with it a run halfway."""
        self.quiet = True
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


@cache
def out() -> Console:
    """Give the console for results."""
    return _Patient(theme=_THEME, highlight=False, markup=False, emoji=False, soft_wrap=False)


@cache
def err() -> Console:
    """Give the console for progress and messages."""
    return _Patient(theme=_THEME, highlight=False, markup=False, emoji=False, stderr=True)


def style_of(word: str) -> str:
    """Give the colour of a severity or status."""
    return _STYLES.get(word, "")


def plain_utf8() -> None:
    """Make standard output take any JSON or CSV, whatever the locale."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="")


def never_refuse() -> None:
    """Let a terminal that lacks a character show its number instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
