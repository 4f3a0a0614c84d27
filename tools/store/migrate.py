"""Bring a store's tables up to what this version of the code knows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, MetaData, String, Table, inspect, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from tools.core.errors import SettingsError, UnreachableError
from tools.store import trail_triggers
from tools.store.database import Store, lock
from tools.store.models import metadata

HEAD = "0120"  # the newest file in migrations/versions
MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(store: Store) -> None:
    """Run the migrations that are missing, once, however many processes open the store together.

    Raises SettingsError when the store was written by a newer version or is no store at all.
    """
    try:
        with store.read() as session:
            revision = version(session)
        if revision != HEAD:
            _upgrade(store)
    except UnreachableError:
        raise
    except DatabaseError as error:
        raise SettingsError(
            f"not a store: {error.orig}",
            place=store.place,
            remedy="Point DATABASE_URL at a store of ours, or at a new file or an empty database.",
        ) from None


def version(session: Session) -> str | None:
    """Give the migration at which a store stands; None when it has no tables."""
    connection = session.connection()
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _upgrade(store: Store) -> None:
    with store.begin() as session:
        lock(session, "migrate")
        revision = version(session)
        if revision == HEAD:
            return
        if revision is None and not inspect(session.connection()).get_table_names():
            _lay_out(session)
        else:
            _migrate(store, session)


def _lay_out(session: Session) -> None:
    """Make the tables of an empty database at once, as all migrations would leave them."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        _name_conditions()
    metadata().create_all(connection)
    for statement in trail_triggers.of(connection.dialect.name):
        connection.execute(text(statement))
    versions = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
    versions.create(connection)
    connection.execute(versions.insert().values(version_num=HEAD))


def _name_conditions() -> None:
    """Give PostgreSQL the conditions of partial indexes too: to declare them there imports its drivers."""
    for table in metadata().tables.values():
        for index in table.indexes:
            index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]


def _migrate(store: Store, session: Session) -> None:
    # Alembic takes a tenth of a second to import; a store is seldom migrated.
    from alembic import command  # noqa: PLC0415 - imported when used
    from alembic.config import Config  # noqa: PLC0415 - imported when used
    from alembic.util import CommandError  # noqa: PLC0415 - imported when used

    from tools.store import resealing  # noqa: PLC0415 - as late

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    before = resealing.before(store, session)
    config.attributes["connection"] = session.connection()
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise SettingsError(
            f"the store stands at version {version(session)}, this code knows up to {HEAD}.",
            place=store.place,
            remedy="Upgrade tieout.",
        ) from None
    resealing.after(store, session, before, HEAD, config.attributes.get("unsealed before"))
