"""What people do with a case besides deciding it: give it to somebody, talk about it, name each other.

assign(store, case_id, to, by=, note=)           "" for nobody
comment(store, case_id, text, by=, mentions=)    with a row for each person that it names
history(store, case_id) -> list[CaseEvent]       assignments and comments, the oldest first
assignees(store, case_ids) -> {case_id: user}    whoever has each case now
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, select

from tools.core.clock import clock
from tools.core.errors import UsageError
from tools.store import cases, trail
from tools.store.database import Store
from tools.store.models import CaseEvent


def assign(store: Store, case_id: str, to: str, *, by: str, note: str = "") -> bool:
    """Give a case to a person, "" for nobody; say whether that changed anything. On the trail of its run."""
    if assignees(store, [case_id]).get(case_id, "") == to:
        return False
    _record(store, case_id, by, note, assigned=(to,))
    return True


def comment(store: Store, case_id: str, text: str, *, by: str, mentions: Iterable[str] = ()) -> None:
    """Keep what somebody says about a case. Raises UsageError for a comment that says nothing."""
    if not text.strip():
        raise UsageError("the comment is empty.")
    with store.begin():
        people = tuple(dict.fromkeys(mentions))
        _record(store, case_id, by, text.strip(), commented=("",), mentioned=people)


def history(store: Store, case_id: str) -> list[CaseEvent]:
    """Give what was assigned and said, the oldest first."""
    query = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.kind != "mentioned")
    with store.read() as session:
        return list(session.scalars(query.order_by(CaseEvent.event_id)))


def assignees(store: Store, case_ids: Sequence[str]) -> dict[str, str]:
    """Give whoever has each of the cases now; a case that nobody has is left out."""
    with store.read() as session:
        newest = session.scalars(
            select(CaseEvent).where(CaseEvent.event_id.in_(latest().where(CaseEvent.case_id.in_(case_ids))))
        )
        return {event.case_id: event.about for event in newest if event.about}


def latest() -> Select[tuple[int]]:
    """Give the query of each case's newest assignment."""
    newest: Select[tuple[int]] = select(func.max(CaseEvent.event_id))
    return newest.where(CaseEvent.kind == "assigned").group_by(CaseEvent.case_id)


def _record(store: Store, case_id: str, by: str, note: str, **people: tuple[str, ...]) -> None:
    """Write an event of each kind for each person."""
    with store.begin() as session:
        case = cases.get(store, case_id)
        for kind, names in people.items():
            for about in names:
                session.add(
                    CaseEvent(case_id=case_id, kind=kind, by=by, about=about, note=note, at=clock().now())
                )
                details = {"case": case_id, "about": about}
                trail.append(store, case.run_id, by, f"case {kind}", details=details)
