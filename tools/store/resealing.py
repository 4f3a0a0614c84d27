"""Migrations and seals: what a migration changes is sealed anew, what was changed before it stays a finding.

before(store, session) -> Before                   hold the tables, as they lie, against their seals
after(store, session, before, version, first)      seal what the migration changed, or all
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import MetaData, inspect
from sqlalchemy.orm import Session

from tools.store import row_findings, seals
from tools.store.database import Store
from tools.store.verify_seals import State
from tools.store.verify_store import replayed


@dataclass(frozen=True)
class Before:
    """What the seals said before a migration, and where the tables were not so."""

    state: State
    misfits: list[str]


def before(store: Store, session: Session) -> Before:
    """Hold the tables against their seals: afterwards nobody can tell a migration from a forger."""
    if not inspect(session.connection()).has_table("trail"):
        return Before(State(), [])
    state = replayed(store, session)[0].state
    if not state.seq:
        return Before(state, [])
    lying = MetaData()
    lying.reflect(session.connection())
    tables = {name: table for name, table in lying.tables.items() if name in state.columns}
    return Before(state, [what for _, what in row_findings.compare(session, state, tables)])


def after(store: Store, session: Session, before: Before, version: str, first: str | None) -> None:
    """Seal what a migration changed. first: the version that began to seal, where it came by that one."""
    if first is not None and not before.state.seq:
        seals.take_over(store, session, first)
    else:
        seals.carry_over(store, session, before.state, version, before.misfits)
