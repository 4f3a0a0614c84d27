"""Requests to the pages such as no browser of ours sends: made by hypothesis, sent byte for byte."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

import httpx
from hypothesis import strategies as st

from desk.web.routes import ROUTES
from tests.desk.seeded import RUN

NAMES = {"case_id": "c1", "flag_id": "f", "run_id": RUN, "proposal_id": "p", "name": "n"}
NAMES |= {"form": "F-1", "change": "p", "task": "T1"}
NAMES |= {"incident_id": "I-1"}
NAMES |= {"request_id": f"{RUN}-flags-1", "claim_id": "K-1", "letter_id": "L-1", "reply_id": "R-1"}
ODD = (
    "", "0", "-1", "--5", "\uff11\uff12", "\u00b2", "9" * 30, "9" * 5_000, "1~", "~c1", "--5~c1",
    "9" * 40 + "~c1", "c1", RUN, "\x00", "a\x00b", "\ud800", "..", "../..", "%", "'", '" OR 1=1 --',
    "<script>", "{{7*7}}", "\u202e", "a" * 9_000, "2025-W99", "0000-W01", "2025-W00", "last", "flags",
    "\r\nX: y", "\\", "//evil.example", "\u00e9", "\U0001f4a9",
)  # fmt: skip
COOKIES = (
    "a b c", "a=b; c", ";;;", "=", '"', "a:b=c", "@=1; (x)=2", "tieout_desk", "tieout_desk=",
    'tieout_desk="a', "tieout_desk=a.b; tieout_desk=c", "tieout_desk=\xff", "\xe9=1", "expires=x; path",
    "$Version=1; [x]={y}",
)  # fmt: skip
HOSTS = ("127.0.0.1", "[", "[::1", "a:b:c", "\xff", "", "x" * 300, "127.0.0.1:99999", "::1", "[v1.x]")
TYPES = (
    "", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=zlib",
    "application/x-www-form-urlencoded; charset=idna", "multipart/form-data",
    "multipart/form-data; boundary=", "multipart/form-data; boundary=x; charset=punycode",
    "multipart/form-data; boundary=x; charset=\xff", "application/json", "text/html; =", "\xff", ";",
    "multipart/form-data; boundary=x; charset=unicode_escape",
)  # fmt: skip
BODIES = (
    b"", b"&&&", b"=", b"csrf", b"csrf=%ff", b"csrf=\xff\xfe", b"%", b"a" * 1_200_000, b"--x\r\n\r\n",
    b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\\ud800\r\n--x--\r\n', b"{", b"\x00",
    b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nx\r\n--x--\r\n', b"&" * 200,
)  # fmt: skip
HEADER_LINES = (
    ("Range", "bytes=9-1"), ("Range", "bytes=-"), ("Range", "x"), ("If-Modified-Since", "never"),
    ("If-Modified-Since", "Mon, 99 Foo 99999 99:99:99"), ("If-None-Match", "\xff"), ("Origin", "http://["),
    ("Origin", "null"), ("Origin", ""), ("Sec-Fetch-Site", "cross-site"), ("Accept", "\xff"),
    ("X-Forwarded-For", "\xff, ["), ("Forwarded", "for="), ("HX-Request", "true"),
    ("Authorization", "Bearer \xff"), ("Accept-Encoding", "gzip;q=x"),
)  # fmt: skip
FIELDS = (
    "word", "key", "value", "severity", "flag", "scope", "case", "subject", "note", "back", "verdict",
    "next", "token",
)  # fmt: skip
QUERY = (
    "after", "before", "flag", "from", "week", "name", "show", "severity", "vendor", "text", "run_id",
    "said", "next",
)  # fmt: skip
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")


@dataclass(frozen=True)
class OddRequest:
    """One request, as it goes over the socket."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def send(self, port: int) -> httpx.Response:
        """Send it to a port of this machine, and read the answer to its end."""
        body = b"" if self.method in ("GET", "HEAD") else self.body
        lines = [f"{self.method} {self.target} HTTP/1.1", *(": ".join(pair) for pair in self.headers)]
        lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        received = b""
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may be answered before it is read
                connection.sendall("\r\n".join(lines).encode("latin-1") + body)
            with suppress(ConnectionResetError):
                while chunk := connection.recv(65_536):
                    received += chunk
        return _parsed(received)


def _parsed(received: bytes) -> httpx.Response:
    head, _, content = received.partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    pairs = [(name.lower(), value.strip()) for name, _, value in (field.partition(":") for field in fields)]
    plain = [pair for pair in pairs if pair[0] != "transfer-encoding"]
    return httpx.Response(int(status.split()[1]), headers=plain, content=content)


def quoted(value: str) -> str:
    """Quote a value as one piece of an address, broken surrogates too."""
    return quote_from_bytes(value.encode("utf-8", "surrogatepass"), safe="")


def address_of(path: str, values: list[str]) -> str:
    """Fill the names of a route with values."""
    for value in values:
        begin, brace, rest = path.partition("{")
        path = begin + (quoted(value) + rest.partition("}")[2] if brace else "")
    return f"/desk{path}"


odd = st.sampled_from(ODD) | st.text(max_size=20)
pair_of_odd = st.lists(odd, min_size=2, max_size=2)
routes = st.sampled_from([route.path for route in ROUTES])
posted = st.sampled_from(
    [route.path for route in ROUTES if "POST" in (route.methods or ()) and "sign" not in route.path]
)
real = st.builds(lambda path: f"/desk{path.format(**NAMES)}", routes)
paths = st.one_of(
    st.builds(address_of, routes, pair_of_odd),
    real,
    odd.map(lambda value: f"/desk/static/{quoted(value)}"),
    st.binary(max_size=20).map(lambda raw: f"/desk/{quote_from_bytes(raw)}"),
)
queries = st.dictionaries(st.sampled_from(QUERY), odd, max_size=3).map(
    lambda values: "&".join(f"{name}={quoted(value)}" for name, value in values.items())
)
targets = st.builds(lambda path, query: f"{path}?{query}" if query else path, paths, queries)
headers = st.builds(
    lambda host, more: (("Host", host), *more),
    st.sampled_from(HOSTS),
    st.lists(
        st.one_of(
            st.sampled_from(HEADER_LINES),
            st.tuples(st.just("Cookie"), st.sampled_from(COOKIES)),
            st.tuples(st.just("Content-Type"), st.sampled_from(TYPES)),
        ),
        max_size=4,
        unique_by=lambda pair: pair[0],
    ),
)
requests = st.builds(OddRequest, st.sampled_from(METHODS), targets, headers, st.sampled_from(BODIES))
