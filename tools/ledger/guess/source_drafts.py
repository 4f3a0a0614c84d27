"""A first sources file out of guesses: files brought together, formats, currency, links; no pairs yet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Final

from tools.ledger.guess import receipts
from tools.ledger.guess.amount_rivals import check_rivals
from tools.ledger.guess.blank_by_kind import blank_by_kind
from tools.ledger.guess.currencies import set_currency, set_dollars
from tools.ledger.guess.currency_columns import apart
from tools.ledger.guess.date_orders import set_dates
from tools.ledger.guess.dates import ISO, moment
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.home_money import set_home_money
from tools.ledger.guess.non_postings import fill_down, leave_out
from tools.ledger.guess.number_forms import set_numbers
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.source_draft import SourceDraft
from tools.ledger.guess.source_kind import Guess
from tools.ledger.guess.summed_lines import leave_out_sums
from tools.ledger.readers.both_sides import SIDE, SIDES
from tools.ledger.readers.file_format import FIXED
from tools.ledger.sources import TRANSACTIONS, columns_of
from tools.ledger.stray_days import first_stray

_REQUIRED: Final = ("txn_id", "posted_on", "amount", "vendor_name", "vendor_id", "invoice_no", "account")
_FILLED: Final = 0.95  # share of rows in which a required column is filled
_MOSTLY: Final = 0.5  # the same of what no posting of its kind can do without, however often it is missing
_CLEAR: Final = 0.9  # share of rows below which what is vital is missing too often to pass unseen
_VITAL: Final = ("posted_on", "amount")
_YEAR: Final = 365  # days
_PARTY: Final = ("card", "receipt", "invoice", "payment")  # kinds that always have somebody on the other side
_LINKED: Final = 0.8  # share of a column's values that have to be ids of another source
_OVERLAP: Final = 0.1  # share of days that files of one source may have in common
_SAME: Final = 0.7  # share of the lines of common days that overlapping files have in common
_DOCUMENTS: Final = (
    ("receipt", "card"),
    ("receipt", "payment"),
    ("receipt", "invoice"),
    ("payment", "invoice"),
)


def draft_sources(guesses: Sequence[tuple[FileProfile, Guess]], base: Path) -> list[SourceDraft]:
    """Make a draft for each make of file, and say which rows belong to which of another source."""
    drafts = []
    for files, guess in _together(guesses):
        draft = SourceDraft("", guess.kind, _pattern(files, base), files, dict(guess.columns))
        draft.proof = guess.proof
        draft.why |= {**guess.why, "kind": "; ".join(guess.reasons)}
        if files.overlapping:
            draft.options["overlapping"] = True
            draft.why["overlapping"] = "the files overlap: lines that several of them hold are read once"
        _set_made(draft, guess)
        _set_invoice_no(draft)
        set_place(draft)
        drafts += apart(draft)
    free = [draft for draft in drafts if draft.file.form not in FIXED]
    for draft in free:
        set_currency(draft)
    set_dates(free)
    for draft in drafts:
        if draft.kind == "card" and draft not in free:
            draft.options["sign"] = "negate"
            draft.why["sign"] = "a statement shows charges as money out: costs are positive here"
    for draft in free:
        set_numbers(draft)
        set_home_money(draft)
        check_rivals(draft)
        leave_out_sums(draft)
        _set_both_sides(draft)
        leave_out(draft)
        fill_down(draft)
    for draft in drafts:
        draft.columns = {
            name: draft.columns[name] for name in columns_of(draft.kind) if name in draft.columns
        }
    set_dollars(drafts)
    _name(drafts)
    for draft in drafts:
        _link(draft, drafts)
        _set_required(draft)
    return drafts


def _set_made(draft: SourceDraft, guess: Guess) -> None:
    """Say which columns make one together, and what we are called ourselves."""
    if guess.ourselves:
        draft.options["ourselves"] = [guess.ourselves]
        draft.why["ourselves"] = "it stands as payee or payer on every line"
    mapped = draft.columns.values()
    if joined := {name: list(parts) for name, parts in draft.file.joined.items() if name in mapped}:
        draft.options["joined"] = joined
        draft.why["joined"] = "cells of several columns are put together, a blank between"


def _set_both_sides(draft: SourceDraft) -> None:
    """Say where lines book a debit and a credit, which are two postings of a ledger."""
    if draft.file.both_sides and draft.kind == "ledger":
        draft.options["both_sides"] = {name: list(parts) for name, parts in draft.file.both_sides.items()}
        draft.why["both_sides"] = "each line has the account of its debit and of its credit"
        draft.options["negate_where"] = {SIDE: [SIDES[1]]}
        draft.why["negate_where"] = "credits, as a ledger has them"
        draft.options.pop("sign", None)


def set_place(draft: SourceDraft) -> None:
    """Say where in its file a source's table stands."""
    if draft.file.sheet:
        draft.options["sheet"] = draft.file.sheet
        draft.why["sheet"] = "the one with the rows"
    if not draft.file.has_header:
        draft.options["names"] = [name for name in draft.file.names if name not in draft.file.joined]
        draft.why["names"] = "CHECK: the first line is a row; these are called after what they hold"
    if draft.file.skip_lines:
        draft.options["skip_lines"] = draft.file.skip_lines
        draft.why["skip_lines"] = "they stand before the header"


def _together(guesses: Sequence[tuple[FileProfile, Guess]]) -> list[tuple[FileProfile, Guess]]:
    """Bring files of the same columns together when each has its own days (months, halves)."""
    groups: list[tuple[FileProfile, Guess]] = []
    for file, guess in guesses:
        for at, (partner, partner_guess) in enumerate(groups):
            alike = (file.names, guess.kind) == (
                partner.names,
                partner_guess.kind,
            ) and file.place != partner.place
            alike = alike and file.sheet == partner.sheet
            alike = alike and _of_one_year(partner, file)
            if not alike or file.form == receipts.FORM or not _prefix((*partner.paths, file.paths[0])):
                continue
            overlapping = _overlapping(partner, file, guess)
            if overlapping or _apart(partner, file, guess):
                merged = _merged(partner, file)
                groups[at] = (replace(merged, overlapping=overlapping or partner.overlapping), partner_guess)
                break
        else:
            groups.append((file, guess))
    return groups


def _merged(left: FileProfile, right: FileProfile) -> FileProfile:
    columns = tuple(
        FileColumn(
            a.name,
            Counter(a.values) + Counter(b.values),
            a.rows + b.rows,
            max(_last_days((a, b)), default=None),
        )
        for a, b in zip(left.columns, right.columns, strict=True)
    )
    return replace(
        left, paths=(*left.paths, *right.paths), columns=columns, rows=left.rows + right.rows,
        lines=(*left.lines, *right.lines), asides=Counter(left.asides) + Counter(right.asides),
    )  # fmt: skip


def _last_days(columns: Sequence[FileColumn]) -> list[date]:
    return [column.last_day for column in columns if column.last_day]


def _of_one_year(left: FileProfile, right: FileProfile) -> bool:
    """Whether days without a year of two files are those of one: one last day serves both."""
    last = [max(_last_days(file.columns), default=date.max) for file in (left, right)]
    return (max(last) - min(last)).days < _YEAR - 31  # a file covers a month


def _overlapping(left: FileProfile, right: FileProfile, guess: Guess) -> bool:
    """Whether two files hold nearly the same lines on the days that both cover: exports of one account."""
    name = guess.columns.get("posted_on")
    if name is None or guess.kind not in TRANSACTIONS:
        return False
    at = left.names.index(name)
    days = {line[at] for line in left.lines} & {line[at] for line in right.lines}
    parts = [Counter(line for line in file.lines if line[at] in days) for file in (left, right)]
    common = (parts[0] & parts[1]).total()
    return bool(common) and common >= _SAME * max(part.total() for part in parts)


def _apart(left: FileProfile, right: FileProfile, guess: Guess) -> bool:
    name = guess.columns.get("posted_on")
    if name is None:
        return False
    days = [set(file.column(name).values) for file in (left, right)]
    return len(days[0] & days[1]) <= _OVERLAP * min(len(part) for part in days)


def _prefix(paths: Sequence[Path]) -> str:
    first, last = min(path.name for path in paths), max(path.name for path in paths)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    return first[:same].rstrip("0123456789")


def _pattern(file: FileProfile, base: Path) -> str:
    first = file.paths[0]
    if file.form == receipts.FORM:
        return (first.parent.relative_to(base) / receipts.pattern(file.paths)).as_posix()
    name = f"{_prefix(file.paths)}*{first.suffix}" if len(file.paths) > 1 else first.name
    return (first.parent.relative_to(base) / name).as_posix()


def _name(drafts: Sequence[SourceDraft]) -> None:
    kinds = Counter(draft.kind for draft in drafts)
    places = Counter(draft.file.paths[0] for draft in drafts)
    names = set[str]()
    for draft in drafts:
        stem = _prefix(draft.file.paths) if len(draft.file.paths) > 1 else draft.file.paths[0].stem
        if draft.file.form == receipts.FORM:
            stem = f"receipts {draft.path}".replace("*", "")
        if draft.file.sheet and places[draft.file.paths[0]] > 1:
            stem = draft.file.sheet
        elif places[draft.file.paths[0]] > 1 and "currency" in draft.options:
            stem = f"{stem} {draft.options['currency']}"
        slug = re.sub(r"[^a-z0-9]+", "_", stem.casefold()).strip("_") or draft.kind
        draft.name = (
            draft.kind if kinds[draft.kind] == 1 else slug if slug[0].isalpha() else f"{draft.kind}_{slug}"
        )
        if draft.name in names:  # march.xml beside march.ofx
            draft.name += f"_{draft.file.paths[0].suffix.lower().strip('.')}"
        names.add(draft.name)


def _set_invoice_no(draft: SourceDraft) -> None:
    """Take an invoice's id for its number where it has no other: payments and advice name it."""
    if draft.kind == "invoice" and "invoice_no" not in draft.columns and "txn_id" in draft.columns:
        draft.columns["invoice_no"] = draft.columns["txn_id"]
        draft.why["columns.invoice_no"] = "its id, as there is no other number"


def _set_required(draft: SourceDraft) -> None:
    """Require what (nearly) every row has; and date, amount and party already where most rows have them."""
    if draft.is_transactions:
        vital = (*_VITAL, "vendor_name") if draft.kind in _PARTY else _VITAL
        filled = {name: draft.column(name).filled for name in _REQUIRED if name in draft.columns}
        required = [
            name
            for name, share in filled.items()
            if share >= (_MOSTLY if name in vital else _FILLED) and not blank_by_kind(draft, name)
            if (draft.kind, name) != ("ledger", "vendor_name")  # what is accrued or written off has no party
        ]
        if "debit" in draft.columns or "credit" in draft.columns:
            required.append("amount")
        draft.options["required"] = required
        draft.why["required"] = f"filled in at least {_FILLED:.0%} of rows"
        often = [f"{name} in {filled[name]:.0%}" for name in required if filled.get(name, 1) < _FILLED]
        if often:
            check = "CHECK: " if any(filled.get(name, 1) < _CLEAR for name in required) else ""
            draft.why["required"] += f"; {check}no {draft.kind} can do without: {', '.join(often)}"


def _link(draft: SourceDraft, drafts: Sequence[SourceDraft]) -> None:
    """Find the column that says which row of another source a row belongs to: its values are ids there."""
    if not draft.is_transactions or "linked_id" in draft.columns:
        return
    mapped = set(draft.columns.values()) - {draft.columns.get("invoice_no")}
    for partner in drafts:
        if partner is draft or not partner.is_transactions or "txn_id" not in partner.columns:
            continue
        ids = partner.column("txn_id")
        for column in draft.file.columns:
            if column.name in mapped or not column.values or not _names_alike(column, ids):
                continue
            matches = sum(value in ids.values for value in column.values)
            if matches >= _LINKED * len(column.values) and _document_of(draft, partner):
                draft.columns["linked_id"] = column.name
                draft.why["columns.linked_id"] = (
                    f"{matches} of {len(column.values)} are a {partner.name}'s {ids.name}"
                )
                return


def _names_alike(left: FileColumn, right: FileColumn) -> bool:
    return left.name == right.name or not all(value.isdigit() for value in list(left.values)[:20])


def _document_of(draft: SourceDraft, partner: SourceDraft) -> bool:
    return (draft.kind, partner.kind) in _DOCUMENTS


def posting_days(drafts: Sequence[SourceDraft]) -> Counter[date]:
    """Count the postings of each day."""
    counts: Counter[date] = Counter()
    for draft in drafts:
        if draft.is_transactions and "posted_on" in draft.columns:
            form = draft.options.get("date_format", ISO)
            for value, n in draft.column("posted_on").values.items():
                if posted := moment(value, form) or moment(value, ISO):
                    counts[posted.date()] += n
    return counts


def newest(drafts: Sequence[SourceDraft]) -> date | None:
    """Give the newest posting's day, apart from stray days, which the audit is to name."""
    counts = posting_days(drafts)
    stray = first_stray({day.toordinal(): n for day, n in counts.items()})
    return max((day for day in counts if stray is None or day.toordinal() < stray), default=None)
