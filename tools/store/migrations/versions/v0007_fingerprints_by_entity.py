"""A flag is the same over runs of one entity: fingerprints hold whose books they are of. Ids stay."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HELD = sa.text("SELECT f.flag_id, f.fingerprint, r.entity FROM flag f JOIN run r ON r.run_id = f.run_id")
CHANGED = sa.text("UPDATE flag SET fingerprint = :print WHERE flag_id = :flag_id")


def upgrade() -> None:
    """Put each flag's entity into its fingerprint."""
    connection = op.get_bind()
    flags = connection.execute(HELD).all()
    changed = [{"flag_id": row.flag_id, "print": _digest([row.entity, row.fingerprint])} for row in flags]
    if changed:
        connection.execute(CHANGED, changed)


def _digest(value: list[str]) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
