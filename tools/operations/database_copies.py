"""Whole copies of a database while others work on it: SQLite's online backup, PostgreSQL's own programs.

dump(url, path)       one consistent moment of the database, in a file
load(url, path)       the same into a database that is empty
refuse_occupied(url)  before anything is put back
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from tools.core.errors import RunError, SettingsError, UnreachableError


def dump(url: str, path: Path) -> None:
    """Copy the database at a URL into a file; it is that of one moment, whoever writes meanwhile.

    Raises SettingsError when there is no such database or no program, UnreachableError when it is away.
    """
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        _copy(_existing(place), path)
        return
    _program(place, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


def load(url: str, path: Path) -> None:
    """Put a copy back. Raises RunError when the database is not empty: nothing is overwritten."""
    refuse_occupied(url)
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        target = Path(place.database or "")
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.restored")
        draft.unlink(missing_ok=True)
        _copy(path, draft)
        draft.replace(target)
        return
    options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")
    _program(place, "pg_restore", *options, f"--dbname={_conninfo(place)}", str(path))


def refuse_occupied(url: str) -> None:
    """Raise RunError where a database has something in it."""
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        if Path(place.database or "").exists():
            raise occupied(str(place.database))
    elif _tables(place):
        raise occupied(place.render_as_string(hide_password=True))


def occupied(place: str) -> RunError:
    """Word that a place is not empty."""
    return RunError(
        "there is something already; a restore overwrites nothing.",
        place=place,
        remedy="Move it away, or name an empty place in the settings.",
    )


def _copy(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source, timeout=60)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)  # in one step: in WAL mode it holds up no writer, and none makes it begin anew
            (state,) = new.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise UnreachableError(f"it cannot be copied: {error}.", place=str(source)) from None
    if state != "ok":
        raise RunError(f"the copy is damaged: {state}.", place=str(source))


def _existing(place: URL) -> Path:
    path = Path(place.database or "")
    if not path.is_file():
        raise SettingsError("there is no such database.", place=str(path), remedy="Check its URL.")
    return path


def _tables(place: URL) -> bool:
    question = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    answer = _program(
        place, "psql", "--no-psqlrc", "-At", f"--dbname={_conninfo(place)}", f"--command={question}"
    )
    return answer.strip() != "0"


def _program(place: URL, name: str, *arguments: str) -> str:
    """Run one of PostgreSQL's programs; the password goes by the environment, not into lists of processes."""
    program = shutil.which(name)
    if program is None:
        raise SettingsError(
            f"PostgreSQL's program {name} is not installed.",
            remedy="Debian: apt-get install postgresql-client",
        )
    if name == "pg_dump":
        arguments = (*arguments, f"--dbname={_conninfo(place)}")
    password = {"PGPASSWORD": place.password} if place.password else {}
    done = subprocess.run(  # noqa: S603 - a fixed program; each argument is one of ours
        [program, *arguments],
        env={**os.environ, **password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it gave no reason"])[0]
        raise UnreachableError(f"{name} failed: {reason}", place=place.render_as_string(hide_password=True))
    return done.stdout


def _conninfo(place: URL) -> str:
    """Give the URL as libpq takes it, without the password."""
    bare = URL.create(
        "postgresql", place.username, None, place.host, place.port, place.database, query=place.query
    )
    return bare.render_as_string(hide_password=False)
