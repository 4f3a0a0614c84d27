"""Versions of the rules: what a run's rules digest stands for.

save(store, digest, text, author=, reason=) -> RuleVersion   idempotent; the diff is against the newest
get(store, digest) -> RuleVersion | None
newest(store) -> RuleVersion | None
list_versions(store) -> list[RuleVersion]                     newest first
difference(before, after) -> str                              of two texts
"""

from __future__ import annotations

import difflib

from sqlalchemy import select

from tools.core.clock import clock
from tools.store import trail
from tools.store.database import Store, lock
from tools.store.models import RuleVersion

_NEWEST = select(RuleVersion).order_by(RuleVersion.saved_at.desc(), RuleVersion.digest)


def save(
    store: Store, digest: str, text: str, *, author: str, reason: str = "", diff: str | None = None
) -> RuleVersion:
    """Keep a version of the rules; one that is kept already stays as it was.

    digest: of the rules in force (Rules.sha256). text: the file as it stands.
    """
    with store.begin() as session:
        lock(session, "rules")
        row = session.get(RuleVersion, digest)
        if row is not None:
            return row
        before = session.scalar(_NEWEST.limit(1))
        version = RuleVersion(
            digest=digest,
            text=text,
            author=author,
            reason=reason,
            diff=difference(before.text if before else "", text) if diff is None else diff,
            saved_at=clock().now(),
        )
        session.add(version)
        details = {"digest": digest, "reason": reason}
        trail.append(store, trail.DESK, author, "rules saved", outputs=digest, details=details)
        return version


def get(store: Store, digest: str) -> RuleVersion | None:
    """Give a version by its digest."""
    with store.read() as session:
        return session.get(RuleVersion, digest)


def newest(store: Store) -> RuleVersion | None:
    """Give the version that was saved last."""
    with store.read() as session:
        return session.scalar(_NEWEST.limit(1))


def list_versions(store: Store) -> list[RuleVersion]:
    """List versions, newest first."""
    with store.read() as session:
        return list(session.scalars(_NEWEST))


def difference(before: str, after: str) -> str:
    """Give the lines in which two texts of the rules differ, as a unified diff."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "before", "after", lineterm="")
    return "\n".join(lines)
