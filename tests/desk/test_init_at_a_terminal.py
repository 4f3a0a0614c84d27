"""`tieout init --ask` at a real terminal: what is asked, what an answer does, what ends it early."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

PROMPT: Final = "Enter keeps it"
LINES: Final = (
    "Date,Description,Amount\n2026-03-02,Kiosk,-4.00\n2026-03-05,Sale,9.00\n2026-03-09,Fuel,-2.50\n"
)
WAIT: Final = 120  # seconds


class Terminal:
    """Both ends of a pseudo-terminal with a process on it."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process, self._master = process, master

    def until(self, text: str) -> str:
        """Read until a text stands there, or the process has closed its end."""
        shown = b""
        while text.encode() not in shown:
            try:
                read = os.read(self._master, 4_096)
            except OSError:  # Linux says so when nobody is on the other end
                break
            shown += read
        return shown.decode()

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self._master, text.encode())

    def end(self) -> tuple[int, str]:
        """Read what is left; give the exit code and the text."""
        return self.process.wait(WAIT), self.until("\0")


@contextmanager
def asked(folder: Path) -> Iterator[Terminal]:
    """Run `tieout init FOLDER --ask` on a terminal of its own."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "desk.cli", "init", str(folder), "--ask"]
    environment = {**os.environ, "TIEOUT_HOME": str(folder.parent / "home"), "COLUMNS": "200"}
    with subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    ) as process:
        os.close(slave)
        try:
            yield Terminal(process, master)
        finally:
            process.kill()
            os.close(master)


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """Give a folder with a bank's file that names no currency."""
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "bank statement.csv").write_text(LINES, encoding="utf-8")
    return folder


def test_each_guess_is_asked_about_and_a_wrong_answer_again(books: Path) -> None:
    """What fits is written with "said when asked", Enter confirms, and what does not fit is asked again."""
    with asked(books) as terminal:
        first = terminal.until(PROMPT)
        terminal.type("pounds\n")
        again = terminal.until(PROMPT)
        terminal.type("GBP\n")
        rest = terminal.until(PROMPT)
        terminal.type("\n")
        code, shown = terminal.end()
    text = (books / "sources.yaml").read_text(encoding="utf-8")
    assert ("entity: currency" in first, "That does not fit" in again, code) == (True, True, 0), shown
    assert "  currency: GBP  # said when asked" in text
    assert "confirmed" in text
    assert "sign" in rest


def test_what_nobody_answers_stays_marked(books: Path) -> None:
    """Control-D at the first question ends the asking: the file is written, each CHECK still in it."""
    with asked(books) as terminal:
        terminal.until(PROMPT)
        terminal.type("\x04")
        code, shown = terminal.end()
    text = (books / "sources.yaml").read_text(encoding="utf-8")
    assert (code, "said when asked" in text) == (0, False)
    assert text.count("CHECK: ") > 1
    assert "To look at, marked CHECK" in shown
