"""The key that signs the trail's heads.

key(store) -> bytes     TIEOUT_TRAIL_KEY, or a file beside the store that only its owner reads
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tools.core import settings
from tools.core.errors import SettingsError
from tools.store.database import Store

KEY_FILE = "trail.key"


def key(store: Store) -> bytes:
    """Give the key; where none is set, make one beside the store, once.

    Whoever verifies on another machine needs the same key: with PostgreSQL, set TIEOUT_TRAIL_KEY.
    Raises SettingsError when it can neither be read nor made.
    """
    if store.secret is None:
        setting = settings.load().trail_key
        store.secret = setting.get_secret_value().encode() if setting else _from_file(store.folder / KEY_FILE)
    return store.secret


def _from_file(path: Path) -> bytes:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        secret = path.read_bytes().strip()
    except OSError as error:
        raise _cannot(path, str(error)) from None
    if not secret:
        raise _cannot(path, "it is empty")
    return secret


def _make(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    try:
        path.hardlink_to(draft)  # whole or not at all, and never over another process's key
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _cannot(path: Path, why: str) -> SettingsError:
    return SettingsError(
        f"cannot keep the key that signs the trail: {why}.", place=str(path), remedy="Set TIEOUT_TRAIL_KEY."
    )
