"""Another process on the same store: append to a trail, or die in the middle of something."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from tools.store import Store, anchor, flags, open_store, trail, windows


def die(*_: object, **__: object) -> None:
    """End as a machine does whose power is cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def before_commit() -> None:
    """Die with everything written and nothing committed."""
    _replace_commit(die)


def after_commit() -> None:
    """Die with everything committed and nothing said."""
    commit = Session.commit

    def last(session: Session) -> None:
        commit(session)
        die()

    _replace_commit(last)


def _replace_commit(act: Callable[[Session], None]) -> None:
    setattr(Session, "commit", act)  # noqa: B010 - a method is not assigned to otherwise


def on_moving() -> None:
    """Die between closing the run and moving its watermark."""
    windows._move = die  # noqa: SLF001 - the point


def on_anchoring() -> None:
    """Die between the run's trail and the desk's."""
    trail._anchor = die  # noqa: SLF001 - the point


def before_anchoring() -> None:
    """Die with everything committed, and the anchor not yet told."""
    calls = iter([anchor.catch_up])  # the first is before the commit
    setattr(anchor, "catch_up", lambda *values: next(calls, die)(*values))  # noqa: B010, PLW0108 - as above


def append(store: Store, run_id: str) -> None:
    """Append ten entries."""
    for number in range(10):
        trail.append(store, run_id, f"{os.getpid()}", "did", details={"number": number})


def close(store: Store, run_id: str) -> None:
    """Close the run."""
    windows.close(store, run_id, outcome="clean", carried=[{"pair": "p", "row_key": "a", "source": "card"}])


def propose(store: Store, run_id: str) -> None:
    """Propose more flags than fit one statement."""
    flags.propose(store, run_id, rows())


def take(store: Store, run_id: str) -> None:
    """Take a window."""
    windows.take(store, run_id, "E", ["card"], date(2025, 1, 31))


def rows() -> list[dict[str, object]]:
    """Make flags."""
    base = {"source": "card", "amount_minor": 5, "currency": "USD", "severity": "INFO"}
    return [{"row_key": f"r{number}", **base} for number in range(1200)]


ACTS: dict[str, Callable[[Store, str], None]] = {
    "append": append,
    "close": close,
    "propose": propose,
    "take": take,
}
DEATHS: dict[str, Callable[[], None]] = {
    "before_commit": before_commit,
    "after_commit": after_commit,
    "on_moving": on_moving,
    "on_anchoring": on_anchoring,
    "before_anchoring": before_anchoring,
    "": lambda: None,
}


def perform(url: str, act: str, run_id: str, death: str) -> None:
    """Do one of ACTS on the store, and die at one of DEATHS."""
    opened = open_store(url)
    DEATHS[death]()
    ACTS[act](opened, run_id)
    opened.close()
