"""What one person sent at once: its files, what init read of them, and the audit that was started of it.

A folder of the workspace: files/ as they were sent, with sources.yaml as proposed and answered. Beside it,
preview.json has what it reads, problem.json why it could not be, audit.json the thread of its audit, and
owner.json whose books they are, and by whom they were sent.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from tools.core.clock import clock
from tools.core.errors import RunError, UsageError
from tools.core.settings import Settings
from tools.ledger.readers.file_format import format_of
from tools.ledger.readers.text_blocks import TextFile
from tools.runs import workspace

_NAME: Final = re.compile(r"\d{8}-[0-9a-f]{8}")
_BLOCK: Final = 1 << 20
_HEAD: Final = 65_536
_LONGEST_NAME: Final = 120  # bytes
# Of what is no table and no statement, what is evidence: told by its ending, as any text may be.
_DOCUMENTS: Final = (".pdf", ".eml", ".ics", ".mbox")
_OURS: Final = (".yaml", ".yml", ".json")
_REFUSED: Final = {
    "bytes": "is no table, no bank statement and no document",
    "markup": "is a web page, or XML that is no bank statement",
}


@dataclass(frozen=True)
class UploadFolder:
    """One folder of files that a person sent."""

    path: Path

    @property
    def name(self) -> str:
        """What the pages call it."""
        return self.path.name

    @property
    def files(self) -> Path:
        """Where the files lie; the sources file lies beside them."""
        return self.path / "files"

    @property
    def sources(self) -> Path:
        """The sources file."""
        return self.files / "sources.yaml"

    def read(self, name: str) -> dict[str, Any]:
        """Give one of its notes; empty where it was not written."""
        path = self.path / name
        value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return value

    def write(self, name: str, value: dict[str, Any]) -> None:
        """Write one of its notes, whole or not at all."""
        part = self.path / f"{name}.{secrets.token_hex(4)}"
        part.write_text(json.dumps(value), encoding="utf-8")
        part.replace(self.path / name)

    @property
    def problem(self) -> str:
        """Why the files could not be read; empty where they could."""
        return str(self.read("problem.json").get("why", ""))

    def names(self) -> list[str]:
        """Name the files that were sent."""
        return sorted(path.name for path in self.files.iterdir() if path != self.sources)


def begin(settings: Settings, owner: str, entity: str) -> UploadFolder:
    """Make a folder for what somebody sends. Raises UsageError where the workspace cannot be written."""
    name = f"{clock().now():%Y%m%d}-{secrets.token_hex(4)}"
    folder = UploadFolder(workspace.uploads_folder(settings) / name)
    try:
        folder.files.mkdir(parents=True)
        folder.write("owner.json", {"by": owner, "entity": entity, "at": clock().now().isoformat()})
    except OSError as error:
        raise _full(error) from None
    return folder


def find(settings: Settings, name: str) -> UploadFolder:
    """Give a folder by its name. Raises RunError for one that there is not."""
    folder = UploadFolder(workspace.uploads_folder(settings) / name)
    if not _NAME.fullmatch(name) or not folder.files.is_dir():
        raise RunError("there are no such files.", remedy="Send them again.")
    return folder


def newest(settings: Settings, most: int) -> list[UploadFolder]:
    """Give the folders that were sent last."""
    root = workspace.uploads_folder(settings)
    paths = (path for path in root.glob("*") if _NAME.fullmatch(path.name))
    ordered = sorted(paths, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
    return [UploadFolder(path) for path in ordered[:most] if (path / "files").is_dir()]


def store(folder: UploadFolder, sent: Iterable[tuple[str, BinaryIO]]) -> None:
    """Write what was sent under plain names. Raises UsageError for what is no book or a full disk."""
    names = set[str]()
    for name, file in sent:
        plain = plain_name(name, names)
        names.add(plain)
        path = folder.files / plain
        try:
            with path.open("xb") as to:
                while block := file.read(_BLOCK):
                    to.write(block)
        except OSError as error:
            raise _full(error) from None
        _check(path)


def remove(folder: UploadFolder) -> None:
    """Remove what was refused."""
    shutil.rmtree(folder.path, ignore_errors=True)


def plain_name(name: str, before: Iterable[str] = ()) -> str:
    """Give a name without folders, controls and leading dots, apart from those before it."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    plain = re.sub(r"[^\w.()+ -]+", "_", last).strip(" .") or "file"
    stem, dot, suffix = plain.rpartition(".")
    stem, suffix = (stem, f"{dot}{suffix}") if dot else (plain, "")
    stem = stem.encode()[: _LONGEST_NAME - len(suffix.encode()[:20])].decode("utf-8", "ignore")
    earlier, number, result = {n.casefold() for n in before}, 1, f"{stem}{suffix[:20]}"
    while result.casefold() in earlier:
        number += 1
        result = f"{stem} ({number}){suffix[:20]}"
    return result


def _check(path: Path) -> None:
    """Refuse what is nothing that an audit reads: by its content; documents by their ending."""
    suffix = path.suffix.casefold()
    if suffix in _DOCUMENTS:
        return
    form = format_of(path)
    why = _REFUSED.get("bytes" if form == "text" and _has_nuls(path) else form)
    if suffix in _OURS:
        why = "is no book; the desk writes the sources file itself"
    if not path.stat().st_size:
        why = "is empty"
    if why:
        raise UsageError(
            f"{path.name} {why}; nothing was taken.",
            remedy="Send CSV, Excel, Parquet, bank statements, PDF, mail, or a ZIP of them.",
        )


def _has_nuls(path: Path) -> bool:
    """Whether a file that is called a text is none: NULs all over, in no encoding that has them."""
    head = TextFile(path, _HEAD).head()
    return head.count(b"\0") > len(head) // 100


def _full(error: OSError) -> UsageError:
    return UsageError(
        f"the files could not be written: {error.strerror}; nothing was taken.",
        remedy="Tell who runs the desk: the workspace (WORKSPACE_URL) needs room, and to be written.",
    )
