"""ZIP archives as folders: `camt.zip/january.xml` is a member, unpacked once where it is read."""

from __future__ import annotations

import atexit
import re
import shutil
import zipfile
from functools import cache
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp
from typing import Final

from tools.core.bounded_zip import check_sizes
from tools.core.errors import SourcesError

SUFFIX: Final = ".zip"
_UNSEEN: Final = re.compile(r"(^|/)(__MACOSX/|\.)")
_UNPACKED_AT: dict[tuple[str, int, int, str], Path] = {}


def is_member(path: Path) -> bool:
    """Whether a path leads into an archive."""
    return any(parent.suffix.lower() == SUFFIX and parent.is_file() for parent in path.parents)


def members(path: Path) -> list[Path]:
    """Name what lies in an archive, each as a path through it, sorted. Raises SourcesError."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_sizes(archive, path)
            names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    except zipfile.BadZipFile:
        raise SourcesError("is no ZIP archive.", place=str(path), remedy="Fetch it again.") from None
    names = [name for name in names if not _UNSEEN.search(name)]
    return sorted(path.joinpath(*PurePosixPath(name).parts) for name in names if ".." not in name)


def real(path: Path) -> Path:
    """Give the file that can be opened: a member of an archive unpacked, any other as it is.

    Raises SourcesError for what is encrypted, damaged or packed without end.
    """
    holder = next((p for p in path.parents if p.suffix.lower() == SUFFIX and p.is_file()), None)
    if holder is None:
        return path
    name = path.relative_to(holder).as_posix()
    about = holder.stat()
    key = (str(holder), about.st_mtime_ns, about.st_size, name)
    if key not in _UNPACKED_AT:
        _UNPACKED_AT[key] = _unpack(holder, name, len(_UNPACKED_AT))
    return _UNPACKED_AT[key]


@cache
def _place() -> Path:
    """Make the folder of what is unpacked; it goes with the process."""
    folder = mkdtemp(prefix="tieout-unpacked-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _unpack(holder: Path, name: str, number: int) -> Path:
    target = _place() / f"{number}{PurePosixPath(name).suffix}"
    place = f"{holder}/{name}"
    try:
        with zipfile.ZipFile(holder) as archive:
            check_sizes(archive, holder)
            with archive.open(name) as packed, target.open("wb") as file:
                while data := packed.read(1 << 20):
                    file.write(data)
    except KeyError:
        raise SourcesError("is not in the archive.", place=place) from None
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        raise SourcesError(
            f"cannot be unpacked: {error}.", place=place, remedy="Unpack it by hand."
        ) from None
    return target
