"""A port of this machine, for a server that has to be told one."""

from __future__ import annotations

import secrets
import socket
from contextlib import suppress

FIRST, LAST = 20_000, 32_000  # below those that the system lends to whoever connects


def free_port() -> int:
    """Give one that nobody listens at, and that nobody is given meanwhile for a connection."""
    while True:
        port = FIRST + secrets.randbelow(LAST - FIRST)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
