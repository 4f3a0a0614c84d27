"""The anchor: a file outside the store that only grows and says how far the seals had come.

path_of(store) -> Path                 TIEOUT_TRAIL_ANCHOR, or a file beside the store
place_of(store) -> str                 the same with this machine's name, as the seals record it
catch_up(store, seq, hash) -> Mark     before a commit and after it: what is committed is in it
path_at(place) -> Path | None          of a place as recorded, where that is this machine
text_of(path) -> str | None            all of an anchor, for verifying
tail_of(store) -> str                  its last lines

It may lag behind the store by what was committed last, as a machine can fail between the two; it is never
ahead. Processes take turns by a lock on the file; a line is one write, flushed to the disk.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from tools.core import settings
from tools.core.clock import clock
from tools.core.errors import SettingsError
from tools.store.database import Store
from tools.store.keys import key
from tools.store.verify_trail import FIRST, Entry, anchor_lines, canonical, key_id, signature

TAIL = 8192  # bytes: many lines


@dataclass(frozen=True)
class Mark:
    """The last line of an anchor: which anchor, its number, its digest, and where the seals were."""

    anchor: str
    line: int
    digest: str
    seq: int


def path_of(store: Store) -> Path:
    """Give the anchor's path: as set, or in the folder that is set, or beside the store."""
    if store.anchor_path is None:
        setting, name = settings.load().trail_anchor, _name(store)
        path = Path(setting) if setting else store.folder / name
        store.anchor_path = (path / name if setting.endswith("/") or path.is_dir() else path).resolve()
    return store.anchor_path


def place_of(store: Store) -> str:
    """Give the anchor's path with the name of this machine: another machine's file is another one."""
    return f"{socket.gethostname()}:{path_of(store)}"


def catch_up(store: Store, seq: int, hash_: str) -> Mark:
    """Add a line for what is committed already, unless it is there; give the last line.

    Raises SettingsError when the file cannot be written: nothing is committed then.
    """
    with _open(store) as file:
        last = _last(file, key(store))
        return last if last and last.seq >= seq else _append(store, file, last, seq, hash_)


@contextmanager
def frozen(store: Store) -> Iterator[None]:
    """Let no line be added meanwhile: a copy of the anchor and one of the store go together."""
    with _open(store):
        yield


def path_at(place: str) -> Path | None:
    """Give the path of a place that the seals recorded, where it is on this machine."""
    host, _, path = place.partition(":")
    return Path(path) if host == socket.gethostname() else None


def text_of(path: Path) -> str | None:
    """Give a whole anchor, or None where there is no file. Raises SettingsError."""
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _cannot(path, error) from None


def tail_of(store: Store) -> str:
    """Give the last lines of the anchor; "" where there is no file. Raises SettingsError."""
    path = path_of(store)
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            return file.read().decode("ascii", errors="replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise _cannot(path, error) from None


def _name(store: Store) -> str:
    if store.dialect == "sqlite":
        return f"{Path(store.url.database or '').stem}.anchor"
    place = store.url.set(password=None).render_as_string()
    return f"{store.url.database}-{hashlib.sha256(place.encode()).hexdigest()[:8]}.anchor"


@contextmanager
def _open(store: Store) -> Iterator[int]:
    path = path_of(store)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)
    except OSError as error:
        raise _cannot(path, error) from None


def _last(file: int, secret: bytes) -> Mark | None:
    """Give the last line that is ours: from the file's end, or where nothing there is, from all of it."""
    size = os.fstat(file).st_size
    for start in dict.fromkeys((max(0, size - TAIL), 0)):
        text = os.pread(file, size - start, start).decode("ascii", errors="replace")
        for piece in reversed(text.split("\n")):
            lines, _ = anchor_lines(piece, secret)
            for line, digest in lines:
                return Mark(str(line["anchor"]), int(line["line"]), digest, int(line["seq"]))
    return None


def _append(store: Store, file: int, last: Mark | None, seq: int, hash_: str) -> Mark:
    secret = key(store)
    line: Entry = {
        "anchor": last.anchor if last else secrets.token_hex(6),
        "line": last.line + 1 if last else 1,
        "seq": seq,
        "hash": hash_,
        "at": clock().now().astimezone(UTC).isoformat(timespec="microseconds"),
        "prev": last.digest if last else FIRST,
        "key_id": key_id(secret),
    }
    text = canonical({**line, "signature": signature(line, secret)})
    size = os.fstat(file).st_size
    torn = size and os.pread(file, 1, size - 1) != b"\n"  # a write that was interrupted: begin a line
    _write(file, f"{chr(10) if torn else ''}{text}\n".encode("ascii"))
    return Mark(line["anchor"], line["line"], hashlib.sha256(text.encode()).hexdigest(), seq)


def _write(file: int, line: bytes) -> None:
    if os.write(file, line) < len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(file)


def _cannot(path: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"cannot keep the anchor of the trail: {error.strerror or error}.",
        place=str(path),
        remedy="Make room or give the right to append, or set TIEOUT_TRAIL_ANCHOR to another file.",
    )
