"""A real MariaDB for the tests that ask for one: a throw-away server on loopback."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
import pytest

from tests.ports import free_port

MISSING = "MariaDB is not installed, and these tests need a real one: apt-get install -y mariadb-server"
SECONDS = 30.0
PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
BEGIN = """\
CREATE DATABASE books;
CREATE USER tieout@'127.0.0.1';
GRANT ALL ON books.* TO tieout@'127.0.0.1';
"""


@dataclass(frozen=True)
class Mariadb:
    """A running server with one database, `books`."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Give the URL as a sources file has it."""
        return f"mariadb://tieout@127.0.0.1:{self.port}/books"

    def run(self, *statements: str) -> None:
        """Run statements, and commit."""
        connection = pymysql.connect(host="127.0.0.1", port=self.port, user="tieout", database="books")
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()

    def insert(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows, and commit."""
        connection = pymysql.connect(
            host="127.0.0.1", port=self.port, user="tieout", database="books", charset="utf8mb4"
        )
        with connection, connection.cursor() as cursor:
            cursor.executemany(statement, rows)
            connection.commit()


@pytest.fixture
def mariadb() -> Iterator[Mariadb]:
    """Start a server; fail, never skip, where MariaDB is not installed."""
    server, install = (shutil.which(name, path=PATH) for name in ("mariadbd", "mariadb-install-db"))
    if server is None or install is None:
        pytest.fail(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="tieout-mariadb-"))
    data, port = folder / "data", free_port()
    user = ["--user=root"] if os.getuid() == 0 else []
    subprocess.run(
        [install, f"--datadir={data}", "--auth-root-authentication-method=normal", *user],
        check=True,
        capture_output=True,
    )
    begin = folder / "begin.sql"
    begin.write_text(BEGIN, encoding="utf-8")
    process = subprocess.Popen(
        [
            server, "--no-defaults", f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1",
            f"--socket={folder / 'socket'}", f"--init-file={begin}", f"--log-error={folder / 'log'}", *user,
        ],
    )  # fmt: skip
    try:
        running = Mariadb(port, process)
        _wait(running, folder / "log")
        yield running
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: Mariadb, log: Path) -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            server.run("SELECT 1")
        except pymysql.MySQLError as error:
            if time.monotonic() > end or server.process.poll() is not None:
                pytest.fail(f"MariaDB did not start: {error}\n{log.read_text()[-2000:]}")
            time.sleep(0.1)
        else:
            return
