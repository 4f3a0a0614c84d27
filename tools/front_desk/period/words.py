"""Words of periods, English and German, and the patterns made of them: months, counts, units, days."""

from __future__ import annotations

from typing import Final

MONTHS: Final = {
    "january": 1, "jan": 1, "januar": 1, "february": 2, "feb": 2, "februar": 2, "march": 3, "mar": 3,
    "maerz": 3, "april": 4, "apr": 4, "may": 5, "mai": 5, "june": 6, "jun": 6, "juni": 6, "july": 7, "jul": 7,
    "juli": 7, "august": 8, "aug": 8, "september": 9, "sep": 9, "sept": 9, "october": 10, "oct": 10,
    "oktober": 10, "okt": 10, "november": 11, "nov": 11, "december": 12, "dec": 12, "dezember": 12, "dez": 12,
}  # fmt: skip
NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "a": 1, "zwei": 2, "drei": 3, "vier": 4, "fuenf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "zwoelf": 12, "couple of": 2,
}  # fmt: skip
UNITS: Final = {
    "day": "days", "days": "days", "tag": "days", "tage": "days", "tagen": "days", "week": "weeks",
    "weeks": "weeks", "woche": "weeks", "wochen": "weeks", "month": "months", "months": "months",
    "monat": "months", "monate": "months", "monaten": "months", "quarter": "quarters", "quarters": "quarters",
    "quartal": "quarters", "quartale": "quarters", "quartalen": "quarters", "year": "years", "years": "years",
    "jahr": "years", "jahre": "years", "jahren": "years", "jahres": "years", "monats": "months",
    "quartals": "quarters",
}  # fmt: skip
ANY_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
MONTH: Final = "(?P<month>" + ANY_MONTH + r")\.?"
YEAR: Final = r"(?P<year>(?:19|20)\d\d)"
DAY: Final = (
    r"(?:(?P<{0}iso>\d{{4}}-\d\d-\d\d)|(?P<{0}german>\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:\d{{4}}|\d\d))"
    r"|(?P<{0}slash>\d{{1,2}}/\d{{1,2}}/(?:\d{{4}}|\d\d))"
    r"|(?P<{0}day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?(?P<{0}month>" + ANY_MONTH
    + r")\.?(?:,?\s(?P<{0}year>\d{{4}}))?"
    r"|(?P<{0}monthname>" + ANY_MONTH
    + r")\.?(?:\s(?P<{0}ordinal>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?)?(?:,?\s(?P<{0}yearname>\d{{4}}))?"
    r"|(?P<{0}only>(?:19|20)\d\d)|(?P<{0}today>today|now|heute|jetzt))"
)  # fmt: skip
PLAIN_DAY: Final = r"(?P<first>\d{1,2})(?:st|nd|rd|th|\.)?"
COUNT: Final = r"(?P<count>\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
UNIT: Final = "(?P<unit>" + "|".join(sorted(UNITS, key=len, reverse=True)) + ")"
LAST: Final = r"(?:last|previous|prior|past|preceding|letzt\w*|vergangen\w*|vorig\w*|vor)"
# Two digits for a year, so near that they are no number of something else: "Q3 25", not "Q3 10 largest".
SHORT_YEAR: Final = r"(?P<short>[2-4]\d)"
NEXT: Final = r"(?:next|coming|upcoming|naechst\w*|kommend\w*)"
THIS: Final = r"(?:this|current|the current|dies\w*|aktuell\w*|laufend\w*)"
FISCAL: Final = r"(?P<fiscal>fiscal |financial |geschaefts)?"
