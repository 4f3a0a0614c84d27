"""Which sign a cost has in files of cards, receipts, invoices and payments: costs are positive in the books.

What lines say decides (a sale, a refund, the card's bill paid); else that most lines are costs, to be looked
at where not nearly all are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from tools.ledger.asides import plain
from tools.ledger.guess.amounts import amount
from tools.ledger.guess.source_draft import SourceDraft
from tools.ledger.guess.vocabulary import vocabulary

COSTS: Final = ("card", "receipt", "invoice", "payment")
_FEW: Final = 12  # values of a column that says what its lines are
_AGREED: Final = 0.8  # share of the lines that speak which have to agree
_CLEAR: Final = 0.75  # share of lines of one sign that needs no look


def below_nought(draft: SourceDraft) -> Iterator[bool]:
    """Say of each distinct amount whether it is negative."""
    return ((amount(value, draft.decimal_mark) or 0) < 0 for value in draft.column("amount").values)


def set_cost_sign(draft: SourceDraft) -> None:
    """Propose the sign by which costs become positive, and say what it rests on."""
    votes = _votes(draft)
    agreed = max(votes.values(), default=0)
    if agreed and agreed >= _AGREED * votes.total():
        draft.options["sign"] = "negate" if votes["turned"] > votes["same"] else "as_is"
        draft.why["sign"] = f"{agreed} lines say whether they are a cost or a credit; costs are positive here"
        return
    signs: Counter[bool] = Counter()
    for value, n in draft.column("amount").values.items():
        if number := amount(value, draft.decimal_mark):
            signs[number < 0] += n
    is_turned = signs[True] > signs[False]
    draft.options["sign"] = "negate" if is_turned else "as_is"
    check = "" if max(signs.values()) >= _CLEAR * signs.total() else "CHECK: only "
    which = "negative" if is_turned else "positive"
    draft.why["sign"] = (
        f"{check}{signs[is_turned]} of {signs.total()} amounts are {which}: costs are positive here"
    )


def _votes(draft: SourceDraft) -> Counter[str]:
    """Count the lines whose words and sign agree, and those whose words say the contrary."""
    at = draft.file.names.index(draft.columns["amount"])
    telling = [place for place, c in enumerate(draft.file.columns) if c.is_text and 0 < len(c.values) <= _FEW]
    texts = [place for place, c in enumerate(draft.file.columns) if c.is_text]
    votes: Counter[str] = Counter()
    for line in draft.file.lines:
        number = amount(line[at], draft.decimal_mark) or 0
        is_credit = _is_credit(draft, [line[place] for place in telling], [line[place] for place in texts])
        if number and is_credit is not None:
            votes["same" if (number < 0) == is_credit else "turned"] += 1
    return votes


def _is_credit(draft: SourceDraft, classes: list[str], texts: list[str]) -> bool | None:
    """Say whether a line credits a cost, by its class or its text; None where it says neither or both."""
    listed = vocabulary()
    is_card = draft.kind == "card"
    credits_ = listed.credited | ({"payment"} if is_card else set())
    classes_ = {" ".join(re.findall(r"[^\W_]+", plain(cell))) for cell in classes if cell}
    is_credit = bool(classes_ & credits_) or (
        is_card and any(phrase in plain(cell) for cell in texts for phrase in listed.card_paid)
    )
    is_cost = bool(classes_ & listed.charged)
    return is_credit if is_credit != is_cost else None
