"""Which cases a queue shows, as conditions that the database reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, String, and_, cast, false, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from tools.store import case_events
from tools.store.models import REVIEWABLE, Case, CaseEvent, Flag

Show = Literal["decide", "review", "mine", "all"]
Order = Literal["exposure", "chance"]
DECIDED = tuple(status for status in REVIEWABLE if status != "proposed")  # of what may still be reviewed


@dataclass(frozen=True)
class QueueFilters:
    """Which cases to show; what is None or empty does not narrow."""

    show: Show = "all"
    severity: str = ""
    status: str = ""
    review: str = ""  # a verdict
    vendor: str = ""  # part of the name, whatever the case
    test: str = ""
    text: str = ""  # part of the title, an id or the explanation
    run_id: str = ""
    user: str = ""  # whose "mine" it is: assigned to, or mentioned
    signed: tuple[str, ...] = ()  # cases on which this person has done their part: not among those to decide
    order: Order = "exposure"


def narrowed_by(filters: QueueFilters) -> ColumnElement[bool]:
    """Give the condition that a case is shown under these filters."""
    conditions: list[ColumnElement[bool]] = []
    if filters.severity:
        conditions.append(Case.severity == filters.severity)
    if filters.run_id:
        conditions.append(Case.run_id == filters.run_id)
    if filters.text:
        conditions.append(_says(filters.text))
    if filters.show == "decide" and filters.signed:
        conditions.append(Case.case_id.not_in(filters.signed))
    if filters.show == "mine":
        conditions.append(_is_of(filters.user))
    of_flags = _of_flags(filters)
    if of_flags:
        conditions.append(Case.case_id.in_(_cases_with(and_(*of_flags))))
    return and_(true(), *conditions)


def _of_flags(filters: QueueFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.show == "decide":
        conditions.append(Flag.status == "proposed")
    if filters.show == "review":
        conditions.append(Flag.status.in_(DECIDED) & Flag.review.is_(None))
    if filters.status:
        conditions.append(cast(Flag.status, String) == filters.status)
    if filters.review:
        conditions.append(cast(Flag.review, String) == filters.review)
    if filters.vendor:
        conditions.append(Flag.vendor.icontains(filters.vendor, autoescape=True))
    if filters.test:
        names_test = cast(Flag.tests, String).contains(f'"test": "{filters.test}"', autoescape=True)
        conditions.append(or_(Flag.lead_test == filters.test, names_test))
    return conditions


def _says(text: str) -> ColumnElement[bool]:
    in_flag = or_(
        Flag.explanation.icontains(text, autoescape=True),
        Flag.txn_id.icontains(text, autoescape=True),
        Flag.flag_id.startswith(text, autoescape=True),
    )
    return or_(
        Case.title.icontains(text, autoescape=True),
        Case.case_id.startswith(text, autoescape=True),
        Case.case_id.in_(_cases_with(in_flag)),
    )


def _is_of(user: str) -> ColumnElement[bool]:
    assigned = select(CaseEvent.case_id).where(
        CaseEvent.event_id.in_(case_events.latest()), CaseEvent.about == user
    )
    mentioned = select(CaseEvent.case_id).where(CaseEvent.kind == "mentioned", CaseEvent.about == user)
    return or_(Case.case_id.in_(assigned), Case.case_id.in_(mentioned)) if user else false()


def _cases_with(condition: ColumnElement[bool]) -> Select[Any]:
    return select(Flag.case_id).where(condition, Flag.case_id.is_not(None))
