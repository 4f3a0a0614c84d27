"""Whether the Server can listen where it says that it will: LangGraph itself would take another port."""

from __future__ import annotations

import errno
import socket

from tools.core.errors import UsageError


def refuse_taken(host: str, port: int) -> None:
    """Raise UsageError where this process cannot listen at host and port; nothing stays bound."""
    place = f"{host}:{port}"
    try:
        # IPv4 alone: LangGraph looks for no other, and would choose a port by itself.
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, socket.AF_INET, socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        raise UsageError(
            "no such address.", place=place, remedy="Give an IPv4 address of this machine with --host."
        ) from None
    except OSError as error:
        raise UsageError(_why(error), place=place, remedy=_remedy(error, port)) from None


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "another program listens there already."
    if error.errno == errno.EACCES:
        return "this account may not listen there."
    if error.errno == errno.EADDRNOTAVAIL:
        return "that is no address of this machine."
    return f"cannot listen there ({error.strerror})."


def _remedy(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRNOTAVAIL:
        return "Give an address of this machine with --host."
    if error.errno == errno.EACCES:
        return "Give a port from 1024 with --port."
    return f"Stop it, or serve elsewhere: tieout serve --port {port + 1 if port < 65535 else port - 1}"  # noqa: PLR2004 - the last port
