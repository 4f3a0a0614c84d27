"""What lets the trail only grow: triggers by which the database refuses to change or delete an entry."""

from __future__ import annotations

_SQLITE = (
    """CREATE TRIGGER trail_update BEFORE UPDATE ON trail
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER trail_delete BEFORE DELETE ON trail
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    # INSERT OR REPLACE deletes without asking the trigger above.
    """CREATE TRIGGER trail_insert BEFORE INSERT ON trail
    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM trail WHERE run_id = NEW.run_id)
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER trail_head_delete BEFORE DELETE ON trail_head
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER trail_head_update BEFORE UPDATE ON trail_head
    WHEN NEW.run_id <> OLD.run_id OR NEW.seq <= OLD.seq
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER trail_head_insert BEFORE INSERT ON trail_head
    WHEN EXISTS (SELECT 1 FROM trail_head WHERE run_id = NEW.run_id)
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE TRIGGER trail_change BEFORE UPDATE OR DELETE ON trail
    FOR EACH ROW EXECUTE FUNCTION trail_refuse()""",
    """CREATE TRIGGER trail_truncate BEFORE TRUNCATE ON trail
    FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse()""",
    """CREATE TRIGGER trail_head_delete BEFORE DELETE ON trail_head
    FOR EACH ROW EXECUTE FUNCTION trail_refuse()""",
    """CREATE TRIGGER trail_head_update BEFORE UPDATE ON trail_head FOR EACH ROW
    WHEN (NEW.run_id <> OLD.run_id OR NEW.seq <= OLD.seq) EXECUTE FUNCTION trail_refuse()""",
    """CREATE TRIGGER trail_head_truncate BEFORE TRUNCATE ON trail_head
    FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse()""",
)


def of(dialect: str) -> tuple[str, ...]:
    """Give the statements that make the triggers, by SQLAlchemy's name of the database."""
    return _SQLITE if dialect == "sqlite" else _POSTGRESQL
