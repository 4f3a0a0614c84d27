"""Archives within bounds: what they unpack to is looked at before anything is unpacked into memory."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Generator
from contextlib import closing, suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from tools.core import bounded_xml, settings
from tools.core.errors import SourcesError

_CHUNK: Final = 1 << 20


def check_workbook(path: Path) -> None:
    """Refuse a workbook whose parts, cells or nesting are larger than any honest one's.

    Its XML is read once, a piece at a time, before a library reads it whole. Raises SourcesError naming the
    limit and the setting that raises it, zipfile.BadZipFile for what is no archive, OSError when it is away.
    """
    status = path.stat()
    _check_once(path, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)  # a workbook is opened for its sheets, its header and its rows
def _check_once(path: Path, *_identity: int) -> None:
    with zipfile.ZipFile(path) as archive:
        check_sizes(archive, path)
        for part in archive.infolist():
            if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                with closing(_pieces(archive, part)) as pieces:
                    bounded_xml.check(pieces, f"{path}: {part.filename[:100]}")


def check_sizes(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse an archive of too many parts, or that unpacks to too much. Raises SourcesError."""
    limits, parts = settings.load(), archive.infolist()
    if len(parts) > limits.archive_parts:
        raise _beyond(path, f"has more than {limits.archive_parts:,} parts", "TIEOUT_ARCHIVE_PARTS")
    # A part gives no more than the size that it declares: reading it ends there.
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        raise _beyond(path, f"unpacks to more than {limits.unpacked_bytes:,} bytes", "TIEOUT_UNPACKED_BYTES")


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Generator[bytes]:
    with (
        suppress(zipfile.BadZipFile, zlib.error),
        archive.open(part) as file,
    ):  # its reader says where it ends
        while piece := file.read(_CHUNK):
            yield piece


def _beyond(path: Path, reason: str, setting: str) -> SourcesError:
    return SourcesError(f"{reason}.", place=str(path), remedy=f"Save it as CSV, or raise {setting}.")
