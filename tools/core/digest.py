"""Digests: of JSON values, and of tables by their sorted rows."""

from __future__ import annotations

import hashlib
import json


def digest(value: object) -> str:
    """Give the SHA-256 of a JSON value in canonical form (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
