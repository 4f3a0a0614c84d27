"""Lines of a report that are no postings, as a source leaves them out: by what they say, by their state."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from tools.ledger.asides import CLASSES
from tools.ledger.guess.dates import ISO, moment
from tools.ledger.guess.line_parts import leave_parts_out
from tools.ledger.guess.source_draft import SourceDraft
from tools.ledger.guess.states import unbooked
from tools.ledger.guess.vocabulary import vocabulary
from tools.ledger.readers.carried_cells import HEADING

_DOCUMENTS: Final = ("invoice", "receipt")  # a pending invoice is an invoice
_BLANK: Final = 0.15  # share of days left blank, at least, for a layout that writes each day once
_LEAST: Final = 2


def leave_out(draft: SourceDraft) -> None:
    """Propose `leave_out`, `where_not` and `headings` for the lines of a source that are no postings."""
    if not draft.is_transactions:
        return
    classes = [name for name in CLASSES if draft.file.asides.get(name)]
    if draft.file.headings and HEADING in draft.columns.values():
        draft.options["headings"] = draft.file.headings
        names = list(draft.file.column("heading").values)
        draft.why["headings"] = f"these stand as headings: {', '.join(names[:4])}"
        classes = [name for name in classes if name != "note"]
    if draft.file.text_below:
        draft.options["text_below"] = [draft.file.text_below]
        draft.why["text_below"] = "nearly each posting's text goes on below, on a line that has nothing else"
    if classes:
        draft.options["leave_out"] = classes
        counts = ", ".join(f"{draft.file.asides[name]} {name}" for name in classes)
        draft.why["leave_out"] = f"lines that are no postings: {counts}"
    leave_parts_out(draft)
    leave_out_states(draft)


def leave_out_states(draft: SourceDraft) -> None:
    """Leave out what has not been booked, or no longer is: pending, reverted, failed, authorised only."""
    accepted = vocabulary().void if draft.kind in _DOCUMENTS else vocabulary().states
    for column in draft.file.columns:
        values = unbooked(column, accepted)
        if values and column.name != draft.columns.get("description"):
            draft.options["where_not"] = {**draft.options.get("where_not", {}), column.name: values}
            lines = sum(column.values[value] for value in values)
            reason = f"{lines} lines are not booked by their {column.name}: {', '.join(values)}"
            draft.why["where_not"] = "; ".join(filter(None, (draft.why.get("where_not"), reason)))


def fill_down(draft: SourceDraft) -> None:
    """Carry days down where each stands once, over the postings of its day."""
    name = draft.columns.get("posted_on")
    if not draft.is_transactions or name is None or name == "heading":
        return
    at, form = draft.file.names.index(name), draft.options.get("date_format", ISO)
    cells = [line[at] for line in draft.file.lines]
    days = [moment(cell, form) or moment(cell, ISO) for cell in cells if cell]
    blank = len(cells) - len(days)
    if not cells or not cells[0] or blank < _LEAST or blank < _BLANK * len(cells) or None in days:
        return
    steps = [(later - day).days for day, later in pairwise(day for day in days if day)]
    if steps and (all(n > 0 for n in steps) or all(n < 0 for n in steps)):
        draft.options["fill_down"] = [name]
        draft.why["fill_down"] = f"CHECK: each day stands once; {blank} lines below have none of their own"
