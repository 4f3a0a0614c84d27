"""The queue of cases as people work through it: filtered, by exposure, a page at a time.

page(store, Wanted(...), after=, before=, size=) -> QueuePage    keyset paging over exposure and case id
counts(store) -> {"decide": n, "review": n, "all": n}            cases, for the tabs
choices(store) -> {"tests": [...], "runs": [...]}                what the filters offer
standing(store, case_ids) -> {case_id: {status: n, "unreviewed": n}}
flags_of(store, case_id, limit=, offset=) -> list[Flag]          the greatest exposure first
runs_of_flags(store, case_id) -> {flag id: run id}               of all of them
neighbours(store, case) -> (case id before, case id after)       in order of exposure
totals(store, run_id) -> list[Total]                             a run's flags, added up by the database
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sqlalchemy import Integer, Select, String, and_, cast, func, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from tools.store.database import Store
from tools.store.models import Case, Flag, FlagStatus

Show = Literal["decide", "review", "all"]
_DECIDED: tuple[FlagStatus, ...] = ("noted", "approved", "skipped")


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


class Key(NamedTuple):
    """Where a page begins or ends."""

    exposure: int
    case_id: str


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue, and where the next and the one before begin."""

    cases: list[Case]
    total: int
    after: Key | None
    before: Key | None


class Total(NamedTuple):
    """Flags of one severity, status and currency; exposure in minor units."""

    severity: str
    status: FlagStatus
    currency: str
    many: int
    exposure_minor: int


def page(
    store: Store,
    filters: QueueFilters,
    *,
    after: Key | None = None,
    before: Key | None = None,
    size: int = 25,
) -> QueuePage:
    """Give the page after (or before) a key, the greatest exposure first."""
    narrowed = _narrowed(filters)
    query = select(Case).where(narrowed)
    order = (Case.exposure_minor.desc(), Case.case_id.asc())
    if after:
        query = query.where(_beyond(after))
    if before:
        query = query.where(_before(before))
        order = (Case.exposure_minor.asc(), Case.case_id.desc())
    with store.read() as session:
        cases = list(session.scalars(query.order_by(*order).limit(size + 1)))
        total = session.scalar(select(func.count()).select_from(Case).where(narrowed)) or 0
    more, cases = len(cases) > size, cases[:size]
    if before:
        cases.reverse()
    first, last = (_key(cases[0]), _key(cases[-1])) if cases else (None, None)
    return QueuePage(
        cases,
        total,
        after=last if before or more else None,
        before=first if after or (before and more) else None,
    )


def counts(store: Store) -> dict[Show, int]:
    """Count the cases behind each tab."""
    shows: tuple[Show, ...] = ("decide", "review", "all")
    with store.read() as session:
        return {
            show: session.scalar(
                select(func.count()).select_from(Case).where(_narrowed(QueueFilters(show=show)))
            )
            or 0
            for show in shows
        }


def choices(store: Store) -> dict[str, list[str]]:
    """Give the tests that lead flags, and the runs that cases are of, newest first."""
    tests = select(Flag.lead_test).where(Flag.lead_test.is_not(None)).distinct().order_by(Flag.lead_test)
    runs = select(Case.run_id).distinct().order_by(Case.run_id.desc()).limit(50)
    with store.read() as session:
        return {"tests": [str(name) for name in session.scalars(tests)], "runs": list(session.scalars(runs))}


def standing(store: Store, case_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Count the flags of cases by status, and those decided upon that nobody has reviewed."""
    unreviewed = func.sum((Flag.review.is_(None) & Flag.status.in_(_DECIDED)).cast(Integer))
    query = (
        select(Flag.case_id, Flag.status, func.count(), unreviewed)
        .where(Flag.case_id.in_(case_ids))
        .group_by(Flag.case_id, Flag.status)
    )
    counts: dict[str, dict[str, int]] = {name: {"unreviewed": 0} for name in case_ids}
    with store.read() as session:
        for case_id, status, count, open_reviews in session.execute(query):
            counts[str(case_id)][status] = count
            counts[str(case_id)]["unreviewed"] += int(open_reviews or 0)
    return counts


def flags_of(store: Store, case_id: str, *, limit: int = 50, offset: int = 0) -> list[Flag]:
    """Give a case's flags, the greatest exposure first; withdrawn ones last."""
    query = (
        select(Flag)
        .where(Flag.case_id == case_id)
        .order_by(Flag.status == "withdrawn", Flag.exposure_base.desc(), Flag.flag_id)
    )
    with store.read() as session:
        return list(session.scalars(query.limit(limit).offset(offset)))


def runs_of_flags(store: Store, case_id: str) -> dict[str, str]:
    """Give the run of each of a case's flags, all of them: flag id -> run id, the greatest exposure first."""
    query = (
        select(Flag.flag_id, Flag.run_id)
        .where(Flag.case_id == case_id)
        .order_by(Flag.status == "withdrawn", Flag.exposure_base.desc(), Flag.flag_id)
    )
    with store.read() as session:
        return {row.flag_id: row.run_id for row in session.execute(query)}


def neighbours(store: Store, case: Case) -> tuple[str | None, str | None]:
    """Give the cases before and after one, by exposure."""
    key = _key(case)
    earlier = select(Case.case_id).where(_before(key))
    with store.read() as session:
        return (
            session.scalar(earlier.order_by(Case.exposure_minor.asc(), Case.case_id.desc()).limit(1)),
            session.scalar(
                select(Case.case_id)
                .where(_beyond(key))
                .order_by(Case.exposure_minor.desc(), Case.case_id)
                .limit(1)
            ),
        )


def totals(store: Store, run_id: str) -> list[Total]:
    """Add a run's flags up by severity, status and currency."""
    query = (
        select(Flag.severity, Flag.status, Flag.currency, func.count(), func.sum(Flag.exposure_minor))
        .where(Flag.run_id == run_id)
        .group_by(Flag.severity, Flag.status, Flag.currency)
        .order_by(Flag.severity, Flag.status, Flag.currency)
    )
    with store.read() as session:
        return [Total(*row[:4], int(row[4])) for row in session.execute(query)]


def _narrowed(filters: QueueFilters) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if filters.severity:
        conditions.append(Case.severity == filters.severity)
    if filters.run_id:
        conditions.append(Case.run_id == filters.run_id)
    if filters.text:
        conditions.append(_says(filters.text))
    of_flags = _of_flags(filters)
    if of_flags:
        conditions.append(Case.case_id.in_(_cases_with(and_(*of_flags))))
    return and_(true(), *conditions)


def _of_flags(filters: QueueFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.show == "decide":
        conditions.append(Flag.status == "proposed")
    if filters.show == "review":
        conditions.append(Flag.status.in_(_DECIDED) & Flag.review.is_(None))
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


def _cases_with(condition: ColumnElement[bool]) -> Select[Any]:
    return select(Flag.case_id).where(condition, Flag.case_id.is_not(None))


def _beyond(key: Key) -> ColumnElement[bool]:
    return or_(
        Case.exposure_minor < key.exposure,
        and_(Case.exposure_minor == key.exposure, Case.case_id > key.case_id),
    )


def _before(key: Key) -> ColumnElement[bool]:
    return or_(
        Case.exposure_minor > key.exposure,
        and_(Case.exposure_minor == key.exposure, Case.case_id < key.case_id),
    )


def _key(case: Case) -> Key:
    return Key(case.exposure_minor, case.case_id)
