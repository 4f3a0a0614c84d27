"""How a source writes dates: by its values, and by the files beside it where day and month may swap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from tools.ledger.guess.dates import ISO, moment
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.source_draft import SourceDraft

_LOOKED_AT: Final = 200  # lines
_DATES: Final = (
    "posted_on", "posted_at", "day", "sent_at", "starts_at", "created_on", "left_on", "due_on", "entered_on",
    "bank_changed_on", "ends_at",
)  # fmt: skip


def set_dates(drafts: Sequence[SourceDraft]) -> None:
    """Choose the format of each source's dates; where day and month could swap, as the other files do."""
    plain: Counter[str] = Counter()
    doubtful = []
    for draft in drafts:
        names = [n for n in _DATES if n in draft.columns]
        formats = draft.column(names[0]).date_formats if names else ()
        if len(formats) == 1:
            plain[formats[0].split(" %H")[0].split(" %I")[0]] += 1
            _set_dates(draft, names, formats[0])
        elif formats:
            doubtful.append((draft, names))
    for draft, names in doubtful:
        column = draft.column(names[0])
        best = min(
            column.date_formats,
            key=lambda form: (-plain[form], *_disorder(draft, column, form), _is_foreign(draft, form)),
        )
        _set_dates(draft, names, best)
        if not plain[best]:
            others = ", ".join(form for form in column.date_formats if form != best)
            why = draft.why.get("date_format", "")
            draft.why["date_format"] = f"CHECK: {why.replace('CHECK: ', '')}; {others} would fit too"


def _set_dates(draft: SourceDraft, names: Sequence[str], best: str) -> None:
    column = draft.column(names[0])
    example = next(iter(column.values))
    if best != ISO:
        draft.options["date_format"] = best
        draft.why["date_format"] = f"as in {example}"
    if column.last_day:
        draft.why["date_format"] += f", days without a year: {draft.file.last_day_why}"
    if best in column.mixed:
        odd = [value for value in column.values if moment(value, best) is None]
        rows = sum(column.values[value] for value in odd)
        draft.why["date_format"] = (
            f"CHECK: both orders of day and month are mixed in {column.name}: {rows} of"
            f" {sum(column.values.values())} dates, such as {odd[0]}, fit only the other order and are"
            " rejected; days up to 12 of the others may be swapped"
        )
    draft.why.setdefault(f"columns.{names[0]}", f"dates as in {example}")
    for name in names:
        if not {best, ISO} & set(draft.column(name).date_formats):
            del draft.columns[name]


def _disorder(draft: SourceDraft, column: FileColumn, form: str) -> tuple[int, int, int, int]:
    """Order formats: fewer values that do not fit first, then more lines in order, then fewer days.

    Then the nearer to the other days of each line: what is booked in January was made in January.
    """
    days = [day for value in list(column.values)[:20_000] if (day := moment(value, form))]
    span = (max(days) - min(days)).days if days else 0
    at = draft.file.names.index(column.name)
    order = [day for line in draft.file.lines[:2_000] if (day := moment(line[at], form))]
    steps = [(b - a).days for a, b in pairwise(order) if a != b]
    disorder = min(sum(n > 0 for n in steps), sum(n < 0 for n in steps))
    return len(column.values) - len(days), disorder, span, _distance(draft, at, form)


def _distance(draft: SourceDraft, at: int, form: str) -> int:
    """Count the days between those of a column and those beside them, all read in one order."""
    total = 0
    for place, column in enumerate(draft.file.columns):
        forms = [other for other in column.date_formats if other.startswith(form)]
        if place == at or not (forms or ISO in column.date_formats):
            continue
        for line in draft.file.lines[:_LOOKED_AT]:
            days = moment(line[at], form), moment(line[place], (forms or [ISO])[0])
            total += abs((days[0] - days[1]).days) if days[0] and days[1] else 0
    return total


def _is_foreign(draft: SourceDraft, form: str) -> bool:
    """Whether a format is not that of the currency's country: months come first where dollars are counted."""
    currency = draft.options.get("currency")
    codes = {currency} if currency else {v for c in draft.mapped("currency") for v in c.values}
    return bool(codes) and form.startswith("%m") != (codes == {"USD"})
