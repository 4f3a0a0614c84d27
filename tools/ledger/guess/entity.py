"""The entity that a proposed sources file names: its currency, country and day, as the files' cells say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from tools.core.clock import clock
from tools.ledger.guess.source_draft import SourceDraft
from tools.ledger.guess.source_drafts import newest, posting_days

_FILLED: Final = 0.9  # share of a currency column that is filled, where it says the house's, too
_ARCHIVED: Final = timedelta(days=45)  # newest posting this far from today: the books are archived
_COUNTRIES: Final = {
    "GBP": "GB",
    "CAD": "CA",
    "AUD": "AU",
    "CHF": "CH",
    "JPY": "JP",
    "SEK": "SE",
    "PLN": "PL",
}


def set_blank_currencies(drafts: Sequence[SourceDraft], house: str) -> None:
    """Take blank cells of a currency column for the entity's currency."""
    for draft in drafts:
        if draft.is_transactions and "currency" in draft.columns and "currency" not in draft.options:
            column = draft.column("currency")
            blank = column.rows - sum(column.values.values())
            if blank:
                draft.options["currency"] = house
                draft.why["currency"] = (
                    f"CHECK: {blank} of {column.rows} cells of {column.name} are blank: the entity's"
                )


def entity_of(folder: Path, drafts: Sequence[SourceDraft]) -> dict[str, tuple[Any, str]]:
    """Give the entity's keys, each with its value and what that rests on."""
    name = re.sub(r"[\W_]+", " ", folder.resolve().name).strip().title() or "Books"
    currencies = [
        *_in_columns(drafts),
        *(draft.options["currency"] for draft in drafts if "currency" in draft.options),
    ]
    entity: dict[str, tuple[Any, str]] = {"name": (name, "the folder's name")}
    entity["currency"] = _house(currencies, drafts)
    currency = entity["currency"][0]
    if currencies and currency in _COUNTRIES:
        entity["country"] = (_COUNTRIES[currency], "the currency's; its public holidays are closing days")
    last, today = newest(drafts), clock().now().date()
    later = sorted(day for day in posting_days(drafts) if last and day > last)
    if last and later:
        stray = (
            f"a posting is dated {later[-1]}" if len(later) == 1 else f"{len(later)} days up to {later[-1]}"
        )
        entity["as_of"] = (
            last,
            f"CHECK: the newest posting but for stray ones: {stray}; the audit names them",
        )
    elif last and abs(last - today) > _ARCHIVED:
        entity["as_of"] = (last, "the newest posting; leave it out when the books are live")
    return entity


def _house(currencies: Sequence[str], drafts: Sequence[SourceDraft]) -> tuple[str, str]:
    """Give the currency that most sources are in; else the one that any line names; else the commonest."""
    if currencies:
        return Counter(currencies).most_common(1)[0][0], "as the files say"
    named = {value.upper() for draft in drafts for c in draft.mapped("currency") for value in c.values}
    if len(named) == 1:
        return named.pop(), "CHECK: no line names another; most name none"
    return "USD", "CHECK: no file says it"


def _in_columns(drafts: Sequence[SourceDraft]) -> list[str]:
    """Give the commonest currency of each source that has a column of them: of postings, else of others."""
    codes = []
    for draft in [draft for draft in drafts if draft.is_transactions] or drafts:
        if "currency" in draft.columns:
            column = draft.column("currency")
            values = column.values
            if column.filled < _FILLED:
                continue  # what is foreign is written down, the house's currency is not
            codes.append(max(values, key=lambda value: values[value], default="").upper())
    return [code for code in codes if re.fullmatch("[A-Z]{3}", code)]
