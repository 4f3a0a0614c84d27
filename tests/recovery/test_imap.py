"""A mailbox is read and left as it is; one that is away, or refuses, is named with the setting."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from pydantic import SecretStr

from tests.listening import listening
from tools.core.errors import SettingsError, UnreachableError
from tools.core.settings import Settings
from tools.recovery.replies import imap

MAIL = b"From: ada@alder.example\r\nSubject: Re: Money\r\n\r\nWe have paid it on Monday.\r\n"


@contextmanager
def mailbox() -> Iterator[tuple[int, list[str]]]:
    """Run a mailbox with one mail on this machine; give its port, and the commands that it was given."""
    commands: list[str] = []

    class Speaking(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"* OK ready\r\n")
            while line := self.rfile.readline().decode().strip():
                tag, command = line.split(" ", 1)
                commands.append(command)
                self.wfile.write(self._answer(command) + f"{tag} {self._verdict(command)}\r\n".encode())
                if command == "LOGOUT":
                    return

        def _verdict(self, command: str) -> str:
            refused = command.startswith("LOGIN") and "pw" not in command
            return "NO wrong password" if refused else "OK done"

        def _answer(self, command: str) -> bytes:
            if command == "CAPABILITY":
                return b"* CAPABILITY IMAP4rev1\r\n"
            if command.startswith("EXAMINE"):
                return b"* 1 EXISTS\r\n"
            if command.startswith("UID SEARCH"):
                return b"* SEARCH 7\r\n"
            if command.startswith("UID FETCH"):
                return b"* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n%s)\r\n" % (len(MAIL), MAIL)
            return b""

    with listening(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Speaking)) as port:
        yield port, commands


def read(url: str) -> list[bytes]:
    """Read a mailbox."""
    return list(imap.mails(Settings(imap_url=SecretStr(url), contact_seconds=2), date(2026, 1, 5)))


def test_mails_are_read_and_nothing_is_marked() -> None:
    """The folder is opened for reading alone, searched from the day on, and each mail peeked at."""
    with mailbox() as (port, commands):
        assert read(f"imap://ada%40small.example:pw@127.0.0.1:{port}/Answers") == [MAIL]
    assert 'EXAMINE "Answers"' in commands
    assert "UID SEARCH SINCE 5-Jan-2026" in commands
    assert all("PEEK" in command for command in commands if "FETCH" in command)
    assert not any(word in " ".join(commands) for word in ("STORE", "EXPUNGE", "SELECT", "COPY"))


def test_a_mailbox_that_refuses_or_is_away_is_named() -> None:
    """A wrong password, nobody there, and what is no mailbox: each says so, and without the password."""
    with mailbox() as (port, _), pytest.raises(UnreachableError) as refused:
        read(f"imap://ada:secret@127.0.0.1:{port}/")
    assert "secret" not in str(refused.value)
    with pytest.raises(UnreachableError):
        read(f"imap://ada:pw@127.0.0.1:{port}/")
    with pytest.raises(SettingsError):
        read("https://example.org/")
