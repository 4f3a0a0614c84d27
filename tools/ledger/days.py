"""The calendar table: which days are business days, which are holidays, which period a day is in."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import holidays
import pyarrow as pa

from tools.core.errors import SourcesError
from tools.ledger.sources import Entity

EPOCH: Final = date(1970, 1, 1)
_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def calendar_of(entity: Entity, first: date, last: date) -> pa.Table:
    """Make the entity's calendar from the January before `first` to the December after `last`.

    Whole years, so that business day numbers do not depend on the day of a posting. Raises SourcesError
    for a country that has no known holidays.
    """
    return _of_years(entity.model_dump_json(), first.year - 1, last.year + 1)


@lru_cache(maxsize=8)  # a proposal reads the same books several times
def _of_years(entity_json: str, first: int, last: int) -> pa.Table:
    entity = Entity.model_validate_json(entity_json)
    start, end = date(first, 1, 1), date(last, 12, 31)
    closed = _holidays(entity, start.year, end.year)
    works = {i for i, name in enumerate(_NAMES) if name[:3].lower() in entity.business_days}
    rows, business = [], 0
    for offset in range((end - start).days + 1):
        day = start + timedelta(days=offset)
        open_day = day.weekday() in works and day not in closed
        business += open_day
        row = _row(day, closed.get(day), business, open_day=open_day)
        row["fiscal_year"] = day.year + (day.strftime("%m-%d") > entity.fiscal_year_end)
        rows.append(row)
    return pa.Table.from_pylist(rows)


def _row(day: date, holiday: str | None, business: int, *, open_day: bool) -> dict[str, Any]:
    return {
        "day": day,
        "day_number": (day - EPOCH).days,
        "day_name": _NAMES[day.weekday()],
        "is_business_day": open_day,
        "is_holiday": holiday is not None,
        "holiday_name": holiday,
        "business_day_number": business,
        "period": day.strftime("%Y-%m"),
        "is_period_end": (day + timedelta(days=1)).day == 1,
    }


def _holidays(entity: Entity, first: int, last: int) -> dict[date, str]:
    own = dict.fromkeys(entity.holidays, f"closed at {entity.name}")
    if entity.country is None:
        return own
    try:
        public = holidays.country_holidays(
            entity.country, subdiv=entity.subdivision, years=range(first, last + 1)
        )
    except NotImplementedError as error:
        raise SourcesError(
            str(error), place="entity.country", remedy="Write an ISO 3166 code, or leave it out."
        ) from None
    return {**dict(public.items()), **own}
