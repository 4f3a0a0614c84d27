"""Forms of words for periods, English and German, each with what reads it.

read(text, calendar) -> list of PeriodSpan        every period that a text names, with where it stands in it
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from tools.front_desk.period.bounds import (
    after,
    before_day,
    between,
    between_days,
    on,
    since,
    until,
    year_ended,
)
from tools.front_desk.period.by_name import (
    end_of_year,
    half,
    month_iso,
    month_named,
    quarter_end,
    quarter_named,
    unit_said_before,
    week_named,
    weeks_named,
    year_named,
    year_of_calendar,
    year_short,
)
from tools.front_desk.period.calendar import DatePeriod, FiscalCalendar, moved
from tools.front_desk.period.parts import Part, PeriodSpan, joined
from tools.front_desk.period.relative import (
    coming,
    ended,
    ended_now,
    inception,
    last,
    last_end,
    last_month,
    last_quarter,
    last_year,
    rolling,
    rolling_ahead,
    so_far,
    this,
    to_date,
    today,
    tomorrow,
    twelve,
    yesterday,
)
from tools.front_desk.period.words import (
    ANY_MONTH,
    COUNT,
    DAY,
    FISCAL,
    LAST,
    MONTH,
    NEXT,
    PLAIN_DAY,
    SHORT_YEAR,
    THIS,
    UNIT,
    YEAR,
)

Reader = Callable[[re.Match[str], FiscalCalendar], DatePeriod | None]


def read(text: str, calendar: FiscalCalendar) -> list[PeriodSpan]:
    """Give every period that a normalised text names: the longest readings first come, none overlaps."""
    spans: list[PeriodSpan] = []
    for pattern, reader in _FORMS:
        for match in pattern.finditer(text):
            if any(match.start() < span.finish and span.begin < match.end() for span in spans):
                continue
            period = _either(reader, match, calendar)
            if period is not None:
                spans.append(PeriodSpan(period, match.start(), match.end(), _part(match, reader, period)))
    return joined(sorted(spans, key=lambda span: span.begin), text, calendar)


def _either(reader: Reader, match: re.Match[str], calendar: FiscalCalendar) -> DatePeriod | None:
    """Read a period; bounded by a plain year, as in "since 2025", it may be meant by another calendar."""
    period = reader(match, calendar)
    is_plain = any(year for name, year in match.groupdict().items() if name.endswith("only"))
    if period is None or not calendar.shift or not is_plain:
        return period
    return replace(period, or_else=reader(match, replace(calendar, year_end=12)))


def _part(match: re.Match[str], reader: Reader, period: DatePeriod) -> Part:
    """Say of which part of an unnamed year a period is, or that it is a year."""
    names = match.groupdict()
    if names.get("year") or names.get("yearbefore") or names.get("short"):
        return "year" if reader is year_named else ""
    if reader in _PARTS:
        return _PARTS[reader]
    return "year" if reader in (last, last_year, this) and _is_year(period) else ""


def _is_year(period: DatePeriod) -> bool:
    """Say whether a period is of twelve months."""
    if period.start is None or period.end is None:
        return False
    return moved(period.start, years=1) == period.end + timedelta(days=1)


def _forms_of_bounds() -> Iterator[tuple[str, Reader]]:
    first, second = DAY.format("a_"), DAY.format("b_")
    yield rf"(?:in |for |the )*(?:fiscal |financial )?year (?:ended|ending|to) (?:on )?{first}", year_ended
    yield rf"(?:in |for |im |the )*(?:calendar year|calendar|kalenderjahr) {YEAR}", year_of_calendar
    yield (
        r"(?:in |for |im |the )*(?:fy|fiscal year|fiscal|geschaeftsjahr) ?(?:(?P<first>(?:20)?\d\d)[/-])?(?P<last>\d\d)(?!\d)",
        year_short,
    )
    yield r"(?:in |for |im |the )*(?P<first>20\d\d)/(?P<last>(?:20)?\d\d)(?!\d)", year_short
    yield rf"(?:between|zwischen(?: dem)?) {first} (?:and|und(?: dem)?) {second}", between
    yield rf"(?:from|von|vom) {first} (?:to|through|until|till|bis|bis zum) {second}", between
    yield (
        rf"(?:between|from|zwischen|vom)(?: the| dem)? {PLAIN_DAY} (?:and|to|until|und|bis)(?: the| dem| zum)? {second}",
        between_days,
    )
    yield (
        rf"(?:by |at |as of |as at )?(?:the )?(?:end|close) of (?:the )?q(?P<q>[1-4])(?: (?:of )?{YEAR})?",
        quarter_end,
    )
    yield (
        rf"(?:by |at |as of |as at |am |zum )?(?:the )?(?:end|close|ende) (?:of |des |der )?(?:the )?{LAST} {FISCAL}{UNIT}",
        last_end,
    )
    yield (
        r"(?:by |at |as of |as at |on |am |zum |per )?(?:the )?(?:fiscal |financial )?(?P<unit>year|quarter|month)[ -]end",
        ended,
    )
    yield r"(?:am |zum |per )?(?P<unit>jahres|quartals|monats)ende", ended
    yield (
        rf"(?:by |at |as of |as at |am |zum )?(?:the )?(?:end|close|ende) (?:of|des|der) (?:(?:the|{THIS}) )?{FISCAL}{UNIT}",
        ended_now,
    )
    yield (
        r"since inception|since the beginning|from the beginning|of all time|all time|since the start|lifetime|seit beginn|seit anfang|von anfang an|insgesamt seit beginn",
        inception,
    )
    yield rf"(?:since|starting|seit(?: dem)?) {first}", since
    yield rf"(?:after|nach dem) {first}", after
    yield (
        rf"(?:until|till|up to|through|by|no later than|not later than|as of|as at|spaetestens(?: am| bis)?|bis spaetestens|bis(?: zum| ende)?|zum|per|by the end of|at the end of|at end of|end of|am ende des|am ende von|ende|zum ende|stand)(?: the)? {first}",
        until,
    )
    yield rf"(?:before|prior to|vor dem) {first}", before_day


def _forms_of_units() -> Iterator[tuple[str, Reader]]:
    yield r"(?P<td>y|q|m|w)td", to_date
    yield (
        rf"{FISCAL}{UNIT} to date|(?:so far )?this {UNIT.replace('unit', 'unit2')} so far|seit (?:jahres|quartals|monats)(?:beginn|anfang)",
        so_far,
    )
    yield (
        rf"(?:in |over |during |within |for |of |in den |der )?(?:the )?(?:{LAST}|trailing|rolling) {COUNT} {FISCAL}{UNIT}",
        rolling,
    )
    yield (
        rf"(?:in |over |during |within |for |in den |in der |innerhalb der )?(?:the )?{NEXT} {COUNT} {FISCAL}{UNIT}",
        rolling_ahead,
    )
    yield rf"(?:in |over |during |within |for |in der |im )?(?:the )?{NEXT} {FISCAL}{UNIT}\b", coming
    yield r"tomorrow|(?<!guten )morgen", tomorrow
    yield (
        rf"(?:from |between |in |der |von |zwischen )?(?:the )?(?:(?:calendar )?weeks?|wk|cw|kw|(?:kalender)?wochen?) ?(?P<week>\d{{1,2}}) ?(?:to|through|until|and|bis|und|-) ?(?:(?:week|wk|cw|kw|(?:kalender)?woche) ?)?(?P<lastweek>\d{{1,2}})(?: (?:of )?{YEAR})?(?![\d.,/])",
        weeks_named,
    )
    yield (
        rf"(?:in |during |for |of |der |fuer )?(?:the )?(?:(?:calendar )?week|wk|cw|kw|(?:kalender)?woche) ?(?P<week>\d{{1,2}})(?:(?: (?:of |in )?|[/-]){YEAR})?(?![\d.,/])",
        week_named,
    )
    yield rf"(?:in |during |im )(?:the )?{MONTH}[ -]{SHORT_YEAR}(?![\d.,/]|st|nd|rd|th)", month_named
    yield rf"{MONTH}-{SHORT_YEAR}(?![\d.,/]|st|nd|rd|th)", month_named
    yield rf"(?:in |during |for |of )?(?:the )?{YEAR}[ -]?w(?P<week>\d\d)", week_named
    yield r"(?:trailing twelve months|ttm|letzte zwoelf monate)", twelve
    yield rf"(?:in |im |fiscal |geschaeftsjahr )?(?:{YEAR}[- ]?q(?P<q>[1-4]))", quarter_named
    yield (
        rf"(?:in |im )?(?:the )?(?:fiscal |financial )?(?:q(?P<q>[1-4]))(?:[ /-]*(?:of |fy)?(?:{YEAR}|{SHORT_YEAR}(?![\d.,])))?",
        quarter_named,
    )
    yield (
        rf"(?:in the |im |in |the )?(?P<q>first|second|third|fourth|1st|2nd|3rd|4th|erste\w*|zweite\w*|dritte\w*|vierte\w*|[1-4]\.) ?(?:fiscal )?(?:quarter|(?:geschaefts)?quartal)(?: (?:of )?{YEAR})?",
        quarter_named,
    )
    # "more in the third quarter than in the second": the unit is said once.
    yield (
        r"(?:(?<=than in the )|(?<=als im ))(?P<q>first|second|third|fourth|ersten|zweiten|dritten|vierten)(?! \w*(?:quart|hal|haelfte))",
        unit_said_before,
    )
    yield (
        rf"(?:in )?(?:the )?(?:h(?P<half>[12]))(?:[ /-]*(?:of |fy)?(?:{YEAR}|{SHORT_YEAR}(?![\d.,])))?",
        half,
    )
    yield (
        rf"(?:in the |im |the )?(?P<half>first|second|erste\w*|zweite\w*) (?:half|halbjahr|haelfte)(?: (?:of )?(?:the year )?{YEAR})?(?: of the year| des jahres)?",
        half,
    )
    yield (
        rf"(?:in |im |over |during |for |in der )?(?:the |dem )?(?P<which>last|final|first|letzt\w*|erste\w*) {FISCAL}(?P<unit>quarter|month|half|quartal|monat|halbjahr) (?:of |in |des jahres |von )?(?:the year |fiscal year |fiscal |fy ?)?{YEAR}",
        end_of_year,
    )
    yield (
        rf"(?:in |im |over |during |for |in der |in dem )?(?:the |unser\w* )?{LAST} {FISCAL}{UNIT}\b",
        last,
    )
    yield r"(?:im )?(?:vormonat)", last_month
    yield r"(?:im )?(?:vorjahr(?:es)?)", last_year
    yield r"(?:im )?(?:vorquartal)", last_quarter
    yield rf"(?:in |im |over |during |for |in der |in dem )?(?:the )?{THIS} {FISCAL}{UNIT}\b", this
    yield (
        r"(?:for|in|over|during|of) the (?P<unit>month|quarter|year)(?! (?:of|to|ended|ending|before|from|\d))",
        this,
    )
    yield r"today|heute", today
    yield r"yesterday|gestern", yesterday
    yield (
        r"(?:on |am |of )?(?:(?P<a_iso>\d{4}-\d\d-\d\d)|(?P<a_german>\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d\d))|(?P<a_slash>\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)))",
        on,
    )
    yield (
        rf"(?:on |am |on the )(?:(?P<a_day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?(?P<a_month>{ANY_MONTH})\.?(?:,?\s(?P<a_year>\d{{4}}))?)",
        on,
    )
    yield (
        rf"(?:at |of |for |dated |per )?(?:(?P<a_day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?(?P<a_month>{ANY_MONTH})\.?,?\s(?P<a_year>\d{{4}}))",
        on,
    )
    yield r"(?:in )?(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)(?!\d|-)", month_iso
    yield (
        rf"(?:in |during |for |im |of |fuer |the month of )?(?:the )?{MONTH}(?:,? (?:of )?{YEAR})?(?!\w)",
        month_named,
    )
    yield (
        rf"(?:in |during |for |im jahr |im geschaeftsjahr |of |fuer |fuer das jahr |im |the year |fy ?|fiscal |financial year |fiscal year |for fiscal year |in fiscal year |geschaeftsjahr )?{YEAR}(?![\d-])",
        year_named,
    )


_PARTS: Final[Mapping[Reader, Part]] = {month_named: "month", quarter_named: "quarter", half: "half"}
_FORMS: Final = tuple(
    (re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), reader)
    for pattern, reader in (*_forms_of_bounds(), *_forms_of_units())
)
