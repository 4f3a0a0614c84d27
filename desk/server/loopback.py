"""Whether a caller without a token sits at this machine: only then may they start and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

HERE: Final = frozenset({"127.0.0.1", "::1", "localhost"})
STUDIO: Final = frozenset({"https://smith.langchain.com", "https://eu.smith.langchain.com"})
FORWARDED: Final = (
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-real-ip",
    "via",
    "cf-connecting-ip",
)


def is_here(client: str | None, headers: Mapping[str, str]) -> bool:
    """Say whether a request comes from this machine and was meant for it.

    client: the address of the other end. Not here: what a proxy forwarded, whatever it says; what was
    sent to another host's name (a page elsewhere that resolves its own name to 127.0.0.1); what a page
    of another site sent, other than Studio.
    """
    if client not in HERE or any(name in headers for name in FORWARDED):
        return False
    if _host_of(f"//{headers.get('host', '')}") not in HERE:
        return False
    origin = headers.get("origin")
    return origin is None or origin in STUDIO or _host_of(origin) in HERE


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
