"""What a file of documents is: by its suffix, and by its first bytes where it has none that says."""

from __future__ import annotations

from pathlib import Path
from typing import Final

KINDS: Final = ("email", "calendar", "document")
HEAD: Final = 512  # bytes that tell a file without a suffix

_SUFFIXES: Final = {
    ".eml": "mail", ".mbox": "mbox", ".mbx": "mbox",
    ".ics": "ics", ".ical": "ics", ".ifb": "ics",
    ".pdf": "pdf", ".txt": "text", ".text": "text", ".md": "text", ".log": "text",
    ".html": "html", ".htm": "html",
}  # fmt: skip
_TABLES: Final = (".csv", ".tsv", ".parquet", ".pq", ".xlsx", ".xlsm")
_READ: Final = {
    "email": ("mail", "mbox"),
    "calendar": ("ics",),
    "document": ("pdf", "text", "html"),
}
_NAMED: Final = {"email": ".eml or .mbox", "calendar": ".ics", "document": ".pdf, .txt, .md or .html"}


def is_document(path: Path | str, *, columns: bool) -> bool:
    """Whether a file is a document and not a table of them; `columns`: its source names columns."""
    suffix = Path(path).suffix.lower()
    if columns:  # a table may be called .txt, too
        return _SUFFIXES.get(suffix) in ("mail", "mbox", "ics", "pdf")
    return suffix not in _TABLES


def format_of(path: Path, head: bytes) -> str:
    """Name a file's format: mail, mbox, ics, pdf, text, html; "" when nothing says."""
    by_suffix = _SUFFIXES.get(path.suffix.lower())
    if by_suffix:
        return by_suffix
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for mark, name in ((b"%PDF-", "pdf"), (b"BEGIN:VCALENDAR", "ics"), (b"From ", "mbox")):
        if start.startswith(mark):
            return name
    line = start.split(b"\n", 1)[0]
    named, colon, _ = line.partition(b":")
    # A mail folder's files have no suffix: they begin with a header.
    return "mail" if colon and named.replace(b"-", b"").isalnum() else ""


def refusal(kind: str, form: str) -> str:
    """Say why a source of this kind does not read a file of this format; "" when it does."""
    if form in _READ[kind]:
        return ""
    return f"a source of kind {kind} reads {_NAMED[kind]}, or a table (.csv, .parquet) with columns"
