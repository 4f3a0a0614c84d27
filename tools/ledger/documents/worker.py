"""The process that reads documents: a job of bytes on its input, rows as JSON on its output.

It has no more memory than it needs and nothing to lose: what breaks it, or keeps it too long, is
rejected by the one that started it.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO, Final

from tools.ledger.documents.plain import html_text, is_binary, text_of, tidy

MEMORY: Final = 2 << 30
FRAME: Final = struct.Struct("<4sI")
Rows = list[dict[str, Any]]


def rows_of(form: str, data: bytes, pages: int = 500, parts: int = 200) -> Rows:
    """Read one document's bytes as rows; one that cannot be read is a row with its problem."""
    try:
        return _read(form, data, pages, parts)
    except ValueError as error:
        return [_problem(str(error), data)]
    except RecursionError:
        return [_problem("is nested too deep", data)]
    except MemoryError:
        return [_problem("unpacks to more than can be read", data)]
    except Exception as error:  # noqa: BLE001 - a library that fails on hostile bytes is a rejected document
        return [_problem(f"cannot be read ({type(error).__name__})", data)]


def _read(form: str, data: bytes, pages: int, parts: int) -> Rows:
    if form == "mail":
        return _mails(data, pages, parts)
    return _pdf(data, pages) if form == "pdf" else _READERS[form](data)


def _mails(data: bytes, pages: int, parts: int) -> Rows:
    from tools.ledger.documents.mail import mail  # noqa: PLC0415 - only the reader that is needed is loaded

    return [mail(data, parts, pages)]


def _events(data: bytes) -> Rows:
    from tools.ledger.documents.events import events  # noqa: PLC0415 - as above

    return events(data)


def _pdf(data: bytes, pages: int) -> Rows:
    from tools.ledger.documents.pages import pdf  # noqa: PLC0415 - as above

    return [pdf(data, pages)]


def _text(data: bytes) -> Rows:
    return [_titled(tidy(_decoded(data)))]


def _html(data: bytes) -> Rows:
    return [_titled(html_text(_decoded(data)))]


_READERS: Final[dict[str, Callable[[bytes], Rows]]] = {
    "ics": _events,
    "text": _text,
    "html": _html,
}


def _decoded(data: bytes) -> str:
    if is_binary(data):
        raise ValueError("is no text")
    return text_of(data)


def _titled(text: str) -> dict[str, Any]:
    if not text:
        raise ValueError("holds no text")
    return {"title": text.split("\n", 1)[0][:300], "dated": None, "text": text}


def _problem(why: str, data: bytes) -> dict[str, Any]:
    return {"problem": why, "raw": tidy(text_of(data[:4000]))[:1000]}


def main() -> None:
    """Answer jobs until the input ends. Anything printed by a library goes to the error output."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit()
    pages, parts = (int(text) for text in sys.argv[1:])
    while header := sys.stdin.buffer.read(FRAME.size):
        form, size = FRAME.unpack(header)
        data = _exactly(sys.stdin.buffer, size)
        answer = json.dumps(rows_of(form.decode().strip(), data, pages, parts)).encode()
        answers.write(FRAME.pack(b"rows", len(answer)) + answer)
        answers.flush()


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        sys.exit(1)
    return data


def _limit() -> None:
    with suppress(ImportError, ValueError, OSError):  # not on every system
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()
