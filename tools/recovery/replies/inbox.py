"""Where mails that came in lie: a folder of .eml files, .mbox files, or either alone. Nothing is removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.core.errors import SourcesError
from tools.ledger.documents import mailbox

MOST_BYTES = 25 << 20


def mails(path: Path) -> Iterator[bytes]:
    """Give each mail as it came, in the order of file names and of the mailbox. Raises SourcesError."""
    if not path.exists():
        raise SourcesError(
            "there is no such file or folder.",
            place=str(path),
            remedy="Name a folder of .eml files, or an .mbox.",
        )
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    for file in files:
        if file.suffix.lower() == ".mbox":
            yield from mailbox.messages(file, MOST_BYTES)
        elif file.suffix.lower() in (".eml", ".msg", "") and file.is_file():
            if file.stat().st_size > MOST_BYTES:
                raise SourcesError("is larger than a mail may be (25 MB).", place=str(file))
            yield file.read_bytes()
