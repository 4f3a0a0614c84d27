"""A real PostgreSQL for tests: a throw-away cluster on loopback, one for each test session."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.ports import free_port

VERSIONS = Path("/usr/lib/postgresql")
MISSING = "PostgreSQL is not installed, and these tests need a real one: apt-get install -y postgresql"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


@dataclass(frozen=True)
class Cluster:
    """A running server; make a database of it for each test that writes."""

    port: int

    def url(self, database: str) -> str:
        """Give the URL of a database, as our stores and checkpointers take it."""
        return f"postgresql+psycopg://tieout@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template1", name: str = "") -> str:
        """Make a database, empty or as a copy, and give its name."""
        name = name or f"t{secrets.token_hex(6)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")  # the quicker one
        self.run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def run(self, statement: sql.Composed) -> None:
        """Run a statement about databases."""
        with self.connect("postgres") as connection:
            connection.execute(statement)

    def connect(self, database: str) -> psycopg.Connection:
        """Connect to a database as its owner."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="tieout", dbname=database, autocommit=True
        )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """Start a cluster; fail, never skip, where PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        pytest.fail(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="tieout-pg-"))
    owner = _owner(folder)
    try:
        port = _start(binaries, folder, owner)
        yield Cluster(port)
    finally:
        _command(owner, binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path | None:
    installations = sorted(VERSIONS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return installations[-1].parent if installations else Path(on_path).parent if on_path else None


def _owner(folder: Path) -> list[str]:
    """Give what to put before a command: PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return []
    shutil.chown(folder, "postgres", "postgres")
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


def _start(binaries: Path, folder: Path, owner: list[str]) -> int:
    data = folder / "data"
    _command(
        owner, binaries / "initdb", "-D", data, "-U", "tieout", "--auth=trust", "-E", "UTF8", "--no-sync"
    )
    port = free_port()
    options = [f"-p {port}", "-h 127.0.0.1", f"-k {folder}", *(f"-c {option}" for option in QUICK)]
    log = folder / "log"
    _command(owner, binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", " ".join(options), "start")
    return port


def _command(owner: list[str], *words: str | Path, check: bool = True) -> None:
    completed = subprocess.run(
        [*owner, *map(str, words)],
        cwd="/",  # the other user may not read ours
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if check and completed.returncode:
        pytest.fail(f"{Path(words[0]).name}: {completed.stderr.strip()}")
