"""Which kinds of databases and lakes are read, and the connections of one reading: one for each URL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import duckdb

from tools.core.bounded_paths import Folders
from tools.core.errors import SettingsError, SourcesError
from tools.ledger.declaration import Sources
from tools.ledger.source import Source
from tools.ledger.suggest import remedy_of
from tools.ledger.warehouse.location import Location, location
from tools.ledger.warehouse.table_reader import Database, TableReader

Connect = Callable[[Location, Path, duckdb.DuckDBPyConnection], Database]


class Databases:
    """The databases that one reading connects to: each once, so that all its tables are of one moment."""

    def __init__(self, sources: Sources, connection: duckdb.DuckDBPyConnection) -> None:
        self._sources, self._connection = sources, connection
        self._open: dict[str, Database] = {}

    def table(self, name: str) -> TableReader:
        """Open the table or query of a source. Raises SourcesError, SettingsError or UnreachableError."""
        source = self._sources.sources[name]
        return self._database(name, source).open(source)

    def _database(self, name: str, source: Source) -> Database:
        place = location(source.url or "", f"sources.{name}.url")
        if place.url not in self._open:
            sources = self._sources
            self._open[place.url] = connect(place, sources.base, sources.within, self._connection)
        return self._open[place.url]

    def close(self) -> None:
        """Let go of all of them."""
        while self._open:
            self._open.popitem()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def connect(
    place: Location, base: Path, within: Folders | None, connection: duckdb.DuckDBPyConnection
) -> Database:
    """Connect to a database. Raises SourcesError for another kind, SettingsError without its driver."""
    scheme = place.scheme
    if scheme not in _SCHEMES:
        raise SourcesError(
            "is no kind of database that is read.",
            place=place.place,
            remedy=remedy_of(scheme, sorted(_SCHEMES)),
        )
    extra, connecting = _SCHEMES[scheme]
    try:
        return connecting(place, _file(place, base, within), connection)
    except ImportError as error:
        raise SettingsError(
            f"{scheme} needs a driver that is not installed ({error.name}).",
            place=place.place,
            remedy=f"Install it: pip install 'tieout[{extra}]'",
        ) from None


def _file(place: Location, base: Path, within: Folders | None) -> Path:
    """Give the file of an embedded database; a caller's lies in the folders that callers may name."""
    path = base / place.path
    if place.scheme in _EMBEDDED:
        if within is not None:
            within.check(path, place.place)
        if not path.exists():
            raise SourcesError(
                "there is no such file.",
                place=place.place,
                remedy="sqlite:///books.db is beside the sources file, sqlite:////srv/books.db anywhere.",
            )
    return path


def _sqlite(place: Location, path: Path, _: duckdb.DuckDBPyConnection) -> Database:
    from tools.ledger.warehouse.sqlite_file import SqliteFile

    return SqliteFile(place, path)


def _duckdb(place: Location, path: Path, connection: duckdb.DuckDBPyConnection) -> Database:
    from tools.ledger.warehouse.duckdb_file import DuckdbFile

    return DuckdbFile(place, path, connection)


def _postgresql(place: Location, _: Path, connection: duckdb.DuckDBPyConnection) -> Database:
    from tools.ledger.warehouse.postgresql import Postgresql

    return Postgresql(place, connection)


def _mariadb(place: Location, _: Path, __: duckdb.DuckDBPyConnection) -> Database:
    from tools.ledger.warehouse.mariadb import Mariadb

    return Mariadb(place)


def _delta(place: Location, path: Path, connection: duckdb.DuckDBPyConnection) -> Database:
    from tools.ledger.warehouse.delta_table import DeltaLake

    return DeltaLake(place, path, connection)


def _iceberg(place: Location, path: Path, connection: duckdb.DuckDBPyConnection) -> Database:
    from tools.ledger.warehouse.iceberg_table import Iceberg

    return Iceberg(place, path, connection)


_EMBEDDED: Final = ("sqlite", "duckdb", "delta+file", "iceberg+file")
# Scheme: the extra that brings its driver, and what connects.
_SCHEMES: Final[Mapping[str, tuple[str, Connect]]] = {
    "sqlite": ("", _sqlite),
    "duckdb": ("", _duckdb),
    "postgresql": ("databases", _postgresql),
    "postgres": ("databases", _postgresql),
    "mariadb": ("databases", _mariadb),
    "mysql": ("databases", _mariadb),
    **{f"delta+{kind}": ("lakes", _delta) for kind in ("file", "s3", "gs", "az", "abfss")},
    **{f"iceberg+{kind}": ("iceberg", _iceberg) for kind in ("file", "s3", "gs", "abfss", "catalog")},
}
