"""Copies of one PostgreSQL database, emptied and lent again: a new one takes a second of the processor."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from tests.postgres import Cluster

# The layout as a test left it: tables, triggers and whether they fire, constraints, indexes, functions.
_LAYOUT = """
SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (
    SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull) AS line
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL
    SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT version_num FROM alembic_version
) AS lines
"""
_ARM = """
DO $$
DECLARE disarmed record;
BEGIN
    FOR disarmed IN SELECT DISTINCT tgrelid::regclass AS name FROM pg_trigger WHERE tgenabled = 'D'
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE TRIGGER ALL', disarmed.name);
    END LOOP;
END $$
"""
_EMPTY = """
DO $$
DECLARE written record;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR written IN
        SELECT oid::regclass AS name FROM pg_class
        WHERE relkind = 'r' AND pg_relation_size(oid) > 0 AND relname <> 'alembic_version'
        AND relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
    LOOP
        EXECUTE format('DELETE FROM %s', written.name);
    END LOOP;
    PERFORM setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S';
END $$
"""


@dataclass(frozen=True)
class Copies:
    """Databases laid out like a template, with nothing in them."""

    cluster: Cluster
    template: str
    layout: str
    spare: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, cluster: Cluster, template: str) -> Copies:
        """Look at a template that nobody is connected to."""
        with cluster.connect(template) as connection:
            return cls(cluster, template, _layout(connection))

    def lend(self) -> str:
        """Give the name of a copy that nobody has used under that name."""
        if not self.spare:
            return self.cluster.create(self.template)
        name = f"t{secrets.token_hex(6)}"
        statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        self.cluster.run(statement.format(sql.Identifier(self.spare.pop()), sql.Identifier(name)))
        return name

    def take_back(self, name: str) -> None:
        """Empty a copy for the next test; drop it where it is laid out in another way by now."""
        try:
            with self.cluster.connect(name) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                connection.execute(_ARM)
                reusable = _layout(connection) == self.layout
                if reusable:
                    connection.execute(_EMPTY)
        except psycopg.Error:
            reusable = False
        if reusable:
            self.spare.append(name)
        else:
            self.cluster.drop(name)


def _layout(connection: psycopg.Connection) -> str:
    row = connection.execute(_LAYOUT).fetchone()
    assert row is not None
    return str(row[0])
