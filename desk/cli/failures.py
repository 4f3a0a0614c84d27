"""How an error reaches the reader: one line with the remedy, never a traceback."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import typer

from desk.cli.exit_codes import ExitCode
from desk.cli.screen import err, never_refuse
from desk.views.safe_text import one_line
from tools.core.errors import TieoutError

_PLAIN_WORDS = {
    "Value error, ": "",
    "does not match the formats '%Y-%m-%d'": "is no day; write it as 2025-12-31",
}


def guarded(run: Callable[[], object], *, debug: bool = False) -> int:
    """Run a command and give its exit code; say on standard error what went wrong."""
    never_refuse()
    try:
        code = _code(run())
        sys.stdout.flush()
    except TieoutError as error:
        return _say(str(error), error.exit_code, debug=debug)
    except typer.TyperException as error:
        return _say(f"{_plain(error.format_message())}. Try --help.", ExitCode.WRONG_USE)
    except (KeyboardInterrupt, typer.Abort):
        return _say("stopped from the keyboard.", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        return reader_left()
    except Exception as error:  # noqa: BLE001 - the border: nobody above could handle it
        return _unexpected(error, debug=debug)
    return code


def _plain(message: str) -> str:
    """Say what the library says of a wrong value without a programmer's words."""
    for jargon, words in _PLAIN_WORDS.items():
        message = message.replace(jargon, words)
    return message.rstrip(".")


def reader_left() -> int:
    """End in peace: whoever read us has seen enough, and nothing may be flushed into a closed pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    return ExitCode.DONE


def _code(returned: object) -> int:
    return returned if isinstance(returned, int) else ExitCode.DONE


def _say(message: str, code: int, *, debug: bool = False) -> int:
    err().print(f"tieout: {one_line(message)}", style="bad", soft_wrap=True)
    if debug:
        traceback.print_exc()
    return code


def _unexpected(error: Exception, *, debug: bool) -> int:
    name = type(error).__name__
    where = _keep(traceback.format_exc())
    message = f"unexpected {name}: {error} - this is a fault of ours; the traceback is in {where}"
    return _say(message, ExitCode.FAILED, debug=debug)


def _keep(trace: str) -> Path:
    """Append a traceback to the log of errors, readable by its owner alone."""
    entry = f"{datetime.now(UTC).isoformat()} {' '.join(sys.argv)}\n{trace}\n"
    try:
        return _append(Path(".tieout"), entry)
    except OSError:
        return _append(Path(tempfile.mkdtemp(prefix="tieout-")), entry)


def _append(folder: Path, entry: str) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "errors.log"
    path.touch(mode=0o600)
    with path.open("a", encoding="utf-8") as file:
        file.write(entry)
    return path
