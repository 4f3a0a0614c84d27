"""The calendar table: which days are business days, which are holidays, which period a day is in."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

import holidays
import numpy as np
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
    days = np.arange(np.datetime64(f"{first:04}-01-01"), np.datetime64(f"{last + 1:04}-01-01"))
    numbers, months, years = days.astype(np.int64), days.astype("datetime64[M]"), days.astype("datetime64[Y]")
    closed = {(day - EPOCH).days: name for day, name in _holidays(entity, first, last).items()}
    works = [i for i, name in enumerate(_NAMES) if name[:3].lower() in entity.business_days]
    weekdays, is_holiday = (numbers + EPOCH.weekday()) % 7, np.isin(numbers, list(closed))
    is_open = np.isin(weekdays, works) & ~is_holiday
    is_late = [str(day)[-5:] > entity.fiscal_year_end for day in days]
    return pa.table(
        {
            "day": pa.array(days, pa.date32()),
            "day_number": numbers,
            "day_name": np.array(_NAMES)[weekdays],
            "is_business_day": is_open,
            "is_holiday": is_holiday,
            "holiday_name": pa.array([closed.get(number) for number in numbers.tolist()], pa.string()),
            "business_day_number": np.cumsum(is_open),
            "period": months.astype(str),
            "is_period_end": (days + 1).astype("datetime64[M]") != months,
            "fiscal_year": years.astype(np.int64) + EPOCH.year + np.array(is_late),
        }
    )


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
