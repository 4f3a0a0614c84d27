"""Where a request comes from: the other end of its socket, or what a proxy that is trusted says."""

from __future__ import annotations

import os
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from tools.core.settings import Settings

_UVICORNS: Final = "127.0.0.1"  # whose X-Forwarded-For uvicorn believes where nothing says otherwise
_V6_HOME: Final = 64  # bits of an IPv6 address that one subscriber has
Network = IPv4Network | IPv6Network


def client_address(scope: Scope, headers: Headers, settings: Settings) -> str:
    """Name the address that tries are counted for; an IPv6 one by its network of 64 bits.

    X-Forwarded-For is read from its end, and only as far as proxies of `trusted_proxies` wrote it.
    """
    proxies = [ip_network(each) for each in settings.trusted_proxies]
    address = _peer(scope)
    for hop in reversed(_hops(headers)):
        if not _is_of(address, proxies):
            break
        address = hop
    return _network_of(address)


def _peer(scope: Scope) -> str:
    """Give the other end of the socket. Port 0 is uvicorn's mark that it put in what a header says."""
    host, port = scope.get("client") or ("", 0)
    if port == 0 and os.environ.get("FORWARDED_ALLOW_IPS", _UVICORNS) == _UVICORNS:
        return _UVICORNS
    return str(host)


def _hops(headers: Headers) -> list[str]:
    return [hop.strip() for line in headers.getlist("x-forwarded-for") for hop in line.split(",")]


def _is_of(address: str, proxies: Sequence[Network]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in proxies)


def _network_of(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:  # noqa: PLR2004 - IPv4
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ip_network((parsed, _V6_HOME), strict=False))
