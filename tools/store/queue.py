"""The queue of cases as people work through it: filtered, by exposure, a page at a time.

page(store, QueueFilters(...), after=, before=, size=) -> QueuePage    keyset paging over exposure and case id
counts(store, user=, signed=) -> {"decide": n, "review": n, "mine": n, "all": n}      cases, for the tabs
choices(store) -> {"tests": [...], "runs": [...]}                what the filters offer
neighbours(store, case) -> (case id before, case id after)       in order of exposure
following(store, case, signed) -> case id | None                 the next that waits, beside those signed
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple, get_args

from sqlalchemy import and_, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from tools.store.database import Store
from tools.store.models import Case, CaseChance, Flag
from tools.store.queue_filters import Order, QueueFilters, Show, narrowed_by

_UNSCORED = 10_001  # newer than the order that was learned: first, so that it is seen


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


def page(
    store: Store,
    filters: QueueFilters,
    *,
    after: Key | None = None,
    before: Key | None = None,
    size: int = 25,
) -> QueuePage:
    """Give the page after (or before) a key, the greatest exposure first."""
    narrowed, chance = narrowed_by(filters), _chance(filters.order)
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
                .where(narrowed_by(QueueFilters(show=show, user=user, signed=signed)))
            )
            or 0
            for show in get_args(Show)
        }


def choices(store: Store) -> dict[str, list[str]]:
    """Give the tests that lead flags, and the runs that cases are of, newest first."""
    tests = select(Flag.lead_test).where(Flag.lead_test.is_not(None)).distinct().order_by(Flag.lead_test)
    runs = select(Case.run_id).distinct().order_by(Case.run_id.desc()).limit(50)
    with store.read() as session:
        return {"tests": [str(name) for name in session.scalars(tests)], "runs": list(session.scalars(runs))}


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
    waits = and_(narrowed_by(QueueFilters(show="decide")), Case.case_id.not_in([*signed, case.case_id]))
    query = select(Case.case_id).where(waits).order_by(Case.exposure_minor.desc(), Case.case_id).limit(1)
    with store.read() as session:
        return session.scalar(query.where(_beyond(_key(case), _chance("exposure")))) or session.scalar(query)


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
