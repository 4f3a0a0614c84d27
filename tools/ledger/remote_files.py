"""Files of a source that lie in a bucket (`s3://bank/2025/*.csv`): each loaded once, and named by its URL.

What is read is the object as it was listed: its version, or ETag, is named beside the file; one that is
replaced between the two is loaded again by the next try. Credentials come from the environment alone.
"""

from __future__ import annotations

import atexit
import hashlib
import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from tools.core import remote_place, stopping
from tools.core.errors import SourcesError, UnreachableError

_SCHEME: Final = re.compile(r"^([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_MAGIC: Final = re.compile(r"[*?[]")
_REMEDY: Final = "Name a file, a glob, or s3://BUCKET/..."
_LOADED: dict[tuple[str, str], Path] = {}
_URLS: dict[Path, tuple[str, str]] = {}  # local file -> its URL, and what was pinned of it


def is_remote(path: str) -> bool:
    """Whether a source's path is a URL."""
    return _SCHEME.match(path) is not None


def load(pattern: str, place: str) -> list[Path]:
    """Give local copies of the objects that a URL or a glob names, sorted by URL; none where none matches.

    Raises SourcesError for a place that is none, UnreachableError when it is away or changes meanwhile.
    """
    scheme = pattern.partition("://")[0]
    if scheme not in remote_place.EXTRAS:
        raise SourcesError(
            f"'{scheme}://' is no place that files are read from.", place=place, remedy=_REMEDY
        )
    with remote_place.reached(pattern, place, SourcesError, name="the bucket", remedy=_REMEDY):
        import fsspec

        files, root = fsspec.core.url_to_fs(pattern, use_listings_cache=False)
        entries = files.glob(root, detail=True) if _MAGIC.search(root) else _single(files, root)
        return [
            _copy(files, scheme, key, entry)
            for key, entry in sorted(entries.items())
            if entry["type"] == "file" and not key.rpartition("/")[2].startswith(".")
        ]


def folder(address: str) -> Path:
    """Give a local folder that shows what lies below a URL, by links to copies, named as the URL ends."""
    top = Path(mkdtemp(dir=_copies())) / (address.rstrip("/").rpartition("/")[2] or "books")
    top.mkdir()
    for copy in load(f"{address.rstrip('/')}/**", address):
        link = top / _URLS[copy][0].removeprefix(address.rstrip("/")).lstrip("/")
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(copy)
    return top


def url(path: Path) -> str | None:
    """Give the URL of a local copy, or of a member of an archive that is one; None of any other file."""
    copy = next((way for way in (path, *path.parents) if way in _URLS), None)
    if copy is None:
        return None
    inside = path.relative_to(copy).as_posix()
    return _URLS[copy][0] if inside == "." else f"{_URLS[copy][0]}/{inside}"


def version(label: str) -> str:
    """Say which version of an object was read last, by its URL or a member's of it; "" of other files."""
    names = [name for address, name in _URLS.values() if label == address or label.startswith(f"{address}/")]
    return names[-1] if names else ""


def _single(files: Any, root: str) -> dict[str, Any]:  # noqa: ANN401 - fsspec has no types
    try:
        return {root: files.info(root)}
    except FileNotFoundError:
        return {}


def _copy(files: Any, scheme: str, key: str, entry: dict[str, Any]) -> Path:  # noqa: ANN401 - as above
    """Load an object, unless this version of it is here."""
    stopping.check()
    address = f"{scheme}://{key}"
    name = _version(entry)
    copy = _LOADED.get((address, name))
    if copy is not None and copy.is_file():
        return copy
    own_folder = _copies() / hashlib.sha256(f"{address} {name}".encode()).hexdigest()[:16]
    own_folder.mkdir(exist_ok=True)
    target = own_folder / key.rpartition("/")[2]
    files.get_file(key, str(target))
    if _version(files.info(key)) != name:
        raise UnreachableError("was replaced while it was read.", place=address, remedy="It is tried again.")
    _LOADED[address, name] = target
    _URLS[target] = address, name
    return target


def _version(entry: dict[str, Any]) -> str:
    etag = str(entry.get("ETag") or "").strip('"')
    if number := entry.get("VersionId"):
        return f"version {number}"
    return f"ETag {etag}" if etag else f"{entry.get('size')} bytes of {entry.get('LastModified')}"


@cache
def _copies() -> Path:
    """Make the folder of the copies; it goes with the process."""
    top = mkdtemp(prefix="tieout-bucket-")
    atexit.register(shutil.rmtree, top, ignore_errors=True)
    return Path(top)
