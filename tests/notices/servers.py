"""The edge of the network, on this machine: an SMTP server, and an HTTPS proxy that is every host."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_port

HOSTS = ("hooks.slack.com", "prod.example.com")


@dataclass
class MailServer:
    """An SMTP server's memory: every mail that it accepted; `refuse` answers 451 so often first."""

    mails: list[EmailMessage] = field(default_factory=list)
    refuse: int = 0
    port: int = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Accept a mail, or refuse it for now."""
        del server, session
        if self.refuse:
            self.refuse -= 1
            return "451 try again later"
        content = cast("bytes", envelope.content)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        return "250 accepted"

    @property
    def url(self) -> str:
        """Its address as Apprise writes it."""
        return f"mailto://desk:hush-hush@127.0.0.1:{self.port}/?from=desk@books.example&to=dana@books.example"


@contextmanager
def serving_mail() -> Iterator[MailServer]:
    """Listen for mail on loopback."""
    server = MailServer(port=free_port())

    def anybody(*_: object) -> Any:  # noqa: ANN401 - aiosmtpd's own type
        from aiosmtpd.smtp import AuthResult  # noqa: PLC0415 - as above

        return AuthResult(success=True)

    controller = Controller(
        server, hostname="127.0.0.1", port=server.port, auth_require_tls=False, authenticator=anybody
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@dataclass
class Request:
    """One request as it arrived."""

    host: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class WebServer:
    """A web server's memory; `status` is what it answers."""

    requests: list[Request] = field(default_factory=list)
    status: int = 200
    port: int = 0
    authority: str = ""  # file of the certificate to trust


@contextmanager
def serving_web(folder: Path) -> Iterator[WebServer]:
    """Listen on loopback: over plain HTTP, and as a proxy (CONNECT) that answers for every host with TLS."""
    web_server = WebServer(authority=str(folder / "edge.crt"))
    context = _certificate(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            self.send_response(200, "Connection established")
            self.end_headers()
            self.connection = context.wrap_socket(self.connection, server_side=True)
            self.rfile = self.connection.makefile("rb")
            self.wfile = cast("Any", self.connection.makefile("wb"))
            self.close_connection = False

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"]))
            request = Request(self.headers["Host"], self.path, dict(self.headers.items()), json.loads(text))
            web_server.requests.append(request)
            self.send_response(web_server.status)
            self.end_headers()
            self.wfile.write(b"ok")
            self.wfile.flush()
            self.close_connection = True

        def finish(self) -> None:
            super().finish()
            self.connection.close()  # the one with TLS: the server knows the one under it

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web_server.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield web_server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate(folder: Path) -> ssl.SSLContext:
    paths = (folder / "edge.key", folder / "edge.crt")
    if not paths[1].is_file():
        openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        openssl += [
            "-subj",
            "/CN=edge",
            "-addext",
            f"subjectAltName={','.join(f'DNS:{host}' for host in HOSTS)}",
        ]
        subprocess.run(
            [*openssl, "-keyout", str(paths[0]), "-out", str(paths[1])], check=True, capture_output=True
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(paths[1], paths[0])
    return context
