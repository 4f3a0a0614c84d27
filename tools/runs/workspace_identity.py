"""Which workspace this is: an id that lies in its root, however machines name the way there."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path

MARKER = "workspace.json"


def of_folder(root: Path) -> str:
    """Give the id of a workspace that is a folder; empty where nothing was kept in it yet."""
    try:
        return identity((root / MARKER).read_bytes())
    except FileNotFoundError:
        return ""


def claim_folder(root: Path) -> str:
    """Give the id of a workspace that is a folder; the first to ask gives it one."""
    root.mkdir(parents=True, exist_ok=True)
    if identity := of_folder(root):
        return identity
    draft = root / f".{MARKER}.{uuid.uuid4().hex}"
    draft.write_bytes(fresh())
    try:
        _link(draft, root / MARKER)
    except FileExistsError:
        pass  # another process was first
    finally:
        draft.unlink()
    return of_folder(root)


def _link(draft: Path, marker: Path) -> None:
    """Give the draft its name: whole or not at all, and never over another's."""
    try:
        os.link(draft, marker)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        with marker.open("xb") as file:
            file.write(draft.read_bytes())


def fresh() -> bytes:
    """Make a marker's content."""
    return json.dumps({"id": uuid.uuid4().hex, "of": "tieout"}).encode()


def identity(marker: bytes) -> str:
    """Read the id out of a marker; what is no marker has none."""
    try:
        return str(json.loads(marker)["id"])
    except (ValueError, KeyError, TypeError):
        return ""
