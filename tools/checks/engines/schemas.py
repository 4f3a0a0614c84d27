"""The schemas in PostgreSQL that have the books of runs: which there are, and their end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql

from tools.checks.engines.postgresql import explained
from tools.core.engine_choice import without_secret
from tools.core.errors import SettingsError

PREFIX: Final = "tieout_"
_LISTED: Final = "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s) ORDER BY nspname"
_MAY_CREATE: Final = "SELECT has_database_privilege(current_database(), 'CREATE')"


def schema_of(run_id: str) -> str:
    """Name the schema that a run's books are in."""
    return PREFIX + run_id


def run_ids(url: str) -> list[str]:
    """List the runs whose books are there, of whichever desk. Raises UnreachableError or EngineError."""
    with _connected(url) as connection:
        return [name.removeprefix(PREFIX) for (name,) in connection.execute(_LISTED, [PREFIX])]


def require_admission(url: str) -> None:
    """See that the URL's user may make schemas. Raises SettingsError, EngineError, or UnreachableError."""
    with _connected(url) as connection:
        (may_create,) = connection.execute(_MAY_CREATE).fetchone() or (False,)
    if not may_create:
        raise SettingsError(
            "its user may make no schemas there.",
            place=without_secret(url),
            remedy="As its owner: GRANT CREATE ON DATABASE ... TO ...;",
        )


def drop(url: str, of_runs: Sequence[str]) -> None:
    """Remove the books of these runs."""
    with _connected(url) as connection:
        for run_id in of_runs:
            name = sql.Identifier(schema_of(run_id))
            connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            yield connection
    except psycopg.Error as error:
        raise explained(error, without_secret(url)) from None
