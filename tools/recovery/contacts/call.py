"""Ask a service on the web for JSON or a page, within a time and a size, and say why it gave nothing.

json_from(...), page_from(...) raise SourceAwayError: its message is what the claim's contacts show.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from ipaddress import ip_address
from socket import getaddrinfo
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx

from tools.core.errors import TieoutError

MOST_BYTES: Final = 1 << 20
AGENT: Final = "tieout (recovery; contact look-up)"
_LONGEST_WAIT: Final = 5  # seconds that a service may ask to wait for; longer, the next source is asked
_REDIRECTS: Final = 3


class SourceAwayError(TieoutError):
    """A source of contacts gives no answer that can be read. status: what it answered; 0 for nothing."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class _Answer(NamedTuple):
    status: int
    headers: httpx.Headers
    data: bytes


def json_from(
    method: str,
    url: str,
    seconds: float,
    *,
    headers: Mapping[str, str],
    parameters: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give a service's answer. A 429 with a short Retry-After is asked again, once (RFC 9110, 10.2.3)."""
    request = httpx.Request(
        method, url, headers={"User-Agent": AGENT, **headers}, params=parameters, json=body
    )
    answer = _read(request, seconds)
    wait = answer.headers.get("Retry-After", "")
    if answer.status == httpx.codes.TOO_MANY_REQUESTS and wait.isdigit() and int(wait) <= _LONGEST_WAIT:
        time.sleep(int(wait))
        answer = _read(request, seconds)
    try:
        read = json.loads(_checked(answer, url).data)
    except (ValueError, RecursionError):
        raise SourceAwayError(f"{_host(url)} answers no JSON.") from None
    if not isinstance(read, dict):
        raise SourceAwayError(f"{_host(url)} answers something else than an object.")
    return read


def page_from(url: str, seconds: float) -> str:
    """Give a page's text, behind redirects; only of hosts that are public."""
    for _ in range(_REDIRECTS + 1):
        if not is_public(url):
            raise SourceAwayError(f"{_host(url)} is no public host.")
        answer = _read(_page_request(url), seconds)
        if not httpx.codes.is_redirect(answer.status):
            return _checked(answer, url).data.decode("utf-8", "replace")
        url = urljoin(url, answer.headers.get("Location", ""))
    raise SourceAwayError(f"{_host(url)} leads on and on.")


def is_public(url: str) -> bool:
    """Say whether a page's host is on the public net: nobody's website leads into our own."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    try:
        addresses = {str(row[4][0]) for row in getaddrinfo(parts.hostname, None)}
        return bool(addresses) and all(ip_address(name.split("%")[0]).is_global for name in addresses)
    except (OSError, ValueError):
        return False


def _page_request(url: str) -> httpx.Request:
    try:
        return httpx.Request("GET", url, headers={"User-Agent": AGENT})
    except httpx.InvalidURL:
        raise SourceAwayError("its address is none.") from None


def _read(request: httpx.Request, seconds: float) -> _Answer:
    host = request.url.host
    try:
        return _streamed(request, seconds)
    except httpx.TimeoutException:
        raise SourceAwayError(f"{host} did not answer in {seconds:g} s.") from None
    except (httpx.HTTPError, UnicodeError) as error:
        raise SourceAwayError(f"{host} can't be reached: {type(error).__name__}.") from None


def _streamed(request: httpx.Request, seconds: float) -> _Answer:
    started, read, host = time.monotonic(), bytearray(), request.url.host
    with httpx.Client(timeout=seconds) as client:
        response = client.send(request, stream=True)
        try:
            for chunk in response.iter_bytes():
                read += chunk
                if len(read) > MOST_BYTES:
                    raise SourceAwayError(f"{host} answers more than {MOST_BYTES >> 20} MB.")
                if time.monotonic() - started > seconds:  # httpx counts from chunk to chunk alone
                    raise SourceAwayError(f"{host} did not end its answer in {seconds:g} s.")
        finally:
            response.close()
    return _Answer(response.status_code, response.headers, bytes(read))


def _checked(answer: _Answer, url: str) -> _Answer:
    if answer.status != httpx.codes.OK:
        raise SourceAwayError(f"{_host(url)} answers {answer.status}.", answer.status)
    return answer


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
