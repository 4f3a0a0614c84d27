"""The queue of cases as people work through it: filtered, by exposure, a page at a time.

page(store, QueueFilters(...), after=, before=, size=) -> QueuePage    keyset paging over exposure and case id
counts(store, user=, signed=) -> {"decide": n, "review": n, "mine": n, "all": n}      cases, for the tabs
moments(store, case_ids) -> {case_id: Moments}                   posted, and raised
chances(store, case_ids) -> {case_id: basis points}              of being upheld
choices(store) -> {"tests": [...], "runs": [...]}                what the filters offer
standing(store, case_ids) -> {case_id: {status: n, "unreviewed": n}}
flags_of(store, case_id, limit=, offset=) -> list[Flag]          the greatest exposure first
runs_of_flags(store, case_id) -> {flag id: run id}               of all of them
neighbours(store, case) -> (case id before, case id after)       in order of exposure
following(store, case, signed) -> case id | None                 the next that waits, beside those signed
totals(store, run_id) -> list[Total]                             a run's flags, added up by the database
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import Integer, Select, String, and_, cast, false, func, literal, or_, select, true
from sqlalchemy.sql.elements import ColumnElement

from tools.store import case_events
from tools.store.database import Store
from tools.store.models import Case, CaseChance, CaseEvent, Flag, FlagStatus

Show = Literal["decide", "review", "mine", "all"]
Order = Literal["exposure", "chance"]
_UNSCORED = 10_001  # newer than the order that was learned: first, so that it is seen
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
    user: str = ""  # whose "mine" it is: assigned to, or mentioned
    signed: tuple[str, ...] = ()  # cases on which this person has done their part: not among those to decide
    order: Order = "exposure"


class Key(NamedTuple):
    """Where a page begins or ends."""

    exposure: int
    case_id: str
    chance: int = 0  # where the order is by chance


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue, and where the next and the one before begin."""

    cases: list[Case]
    total: int
    after: Key | None
    before: Key | None


class Moments(NamedTuple):
    """When the first row of a case was posted, and when the case was raised."""

    posted_on: date | None
    raised_at: datetime


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
    narrowed, chance = _narrowed(filters), _chance(filters.order)
    query = select(Case, chance).outerjoin(CaseChance, CaseChance.case_id == Case.case_id).where(narrowed)
    if after:
        query = query.where(_beyond(after, chance))
    if before:
        query = query.where(_before(before, chance))
    order = (chance.desc(), Case.exposure_minor.desc(), Case.case_id.asc())
    if before:
        order = (chance.asc(), Case.exposure_minor.asc(), Case.case_id.desc())
    with store.read() as session:
        rows = session.execute(query.order_by(*order).limit(size + 1)).all()
        cases, chances = [row[0] for row in rows], {row[0].case_id: int(row[1]) for row in rows}
        total = session.scalar(select(func.count()).select_from(Case).where(narrowed)) or 0
    more, cases = len(cases) > size, cases[:size]
    if before:
        cases.reverse()
    first, last = (_key(cases[0], chances), _key(cases[-1], chances)) if cases else (None, None)
    return QueuePage(
        cases,
        total,
        after=last if before or more else None,
        before=first if after or (before and more) else None,
    )


def counts(store: Store, *, user: str = "", signed: tuple[str, ...] = ()) -> dict[Show, int]:
    """Count the cases behind each tab, as a person sees them."""
    with store.read() as session:
        return {
            show: session.scalar(
                select(func.count())
                .select_from(Case)
                .where(_narrowed(QueueFilters(show=show, user=user, signed=signed)))
            )
            or 0
            for show in get_args(Show)
        }


def moments(store: Store, case_ids: Sequence[str]) -> dict[str, Moments]:
    """Give when each case's first row was posted, and when it was first raised."""
    query = (
        select(Flag.case_id, func.min(Flag.posted_on), func.min(Flag.created_at))
        .where(Flag.case_id.in_(case_ids))
        .group_by(Flag.case_id)
    )
    with store.read() as session:
        return {str(row[0]): Moments(row[1], row[2]) for row in session.execute(query)}


def chances(store: Store, case_ids: Sequence[str]) -> dict[str, int]:
    """Give the chance that each case is upheld, in hundredths of a per cent; one without is left out."""
    query = select(CaseChance).where(CaseChance.case_id.in_(case_ids))
    with store.read() as session:
        return {row.case_id: row.basis_points for row in session.scalars(query)}


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
    key, none = _key(case), _chance("exposure")
    earlier = select(Case.case_id).where(_before(key, none))
    with store.read() as session:
        return (
            session.scalar(earlier.order_by(Case.exposure_minor.asc(), Case.case_id.desc()).limit(1)),
            session.scalar(
                select(Case.case_id)
                .where(_beyond(key, none))
                .order_by(Case.exposure_minor.desc(), Case.case_id)
                .limit(1)
            ),
        )


def following(store: Store, case: Case, signed: Collection[str]) -> str | None:
    """Give the next case that waits after one, by exposure, from the top again after the last.

    signed: cases that whoever asks has done their part on. None when none is left.
    """
    waits = and_(_narrowed(QueueFilters(show="decide")), Case.case_id.not_in([*signed, case.case_id]))
    query = select(Case.case_id).where(waits).order_by(Case.exposure_minor.desc(), Case.case_id).limit(1)
    with store.read() as session:
        return session.scalar(query.where(_beyond(_key(case), _chance("exposure")))) or session.scalar(query)


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


def _is_of(user: str) -> ColumnElement[bool]:
    assigned = select(CaseEvent.case_id).where(
        CaseEvent.event_id.in_(case_events.latest()), CaseEvent.about == user
    )
    mentioned = select(CaseEvent.case_id).where(CaseEvent.kind == "mentioned", CaseEvent.about == user)
    return or_(Case.case_id.in_(assigned), Case.case_id.in_(mentioned)) if user else false()


def _cases_with(condition: ColumnElement[bool]) -> Select[Any]:
    return select(Flag.case_id).where(condition, Flag.case_id.is_not(None))


def _chance(order: Order) -> ColumnElement[int]:
    """Give what stands before the exposure in the order; what no ranking has scored yet stands first."""
    return func.coalesce(CaseChance.basis_points, _UNSCORED) if order == "chance" else literal(0)


def _beyond(key: Key, chance: ColumnElement[int]) -> ColumnElement[bool]:
    return or_(
        chance < key.chance,
        and_(chance == key.chance, Case.exposure_minor < key.exposure),
        and_(chance == key.chance, Case.exposure_minor == key.exposure, Case.case_id > key.case_id),
    )


def _before(key: Key, chance: ColumnElement[int]) -> ColumnElement[bool]:
    return or_(
        chance > key.chance,
        and_(chance == key.chance, Case.exposure_minor > key.exposure),
        and_(chance == key.chance, Case.exposure_minor == key.exposure, Case.case_id < key.case_id),
    )


def _key(case: Case, chances: Mapping[str, int] | None = None) -> Key:
    return Key(case.exposure_minor, case.case_id, (chances or {}).get(case.case_id, 0))
