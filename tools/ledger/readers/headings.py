"""Lines that stand over postings and name their account: alone, with a balance, or as a number and a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from tools.ledger.asides import pattern, plain
from tools.ledger.guess.amounts import NUMBER, is_amount
from tools.ledger.guess.dates import DAYISH

_LINKS: Final = r"^(for|of|fur|von|de|du|di|van|voor|per)\s+|\s+(with sub.*)$"


def heading_of(line: Sequence[str], at: int) -> str:
    """Give what a line says as a heading in its column `at`; "" where it is none.

    Beside the name stands nothing, amounts alone (a balance), or, beside a number, the name.
    """
    text = line[at].strip()
    others = [cell.strip() for i, cell in enumerate(line) if i != at and cell.strip()]
    if not text or any(DAYISH.fullmatch(cell) for cell in (text, *others)):
        return ""
    if any(re.fullmatch(pattern(name), plain(text)) for name in ("balance", "page", "total")):
        return ""
    if all(_is_number(cell) for cell in others):
        return text if _has_letters(text) and not _is_number(text) else ""
    return f"{text} {others[0]}" if len(others) == 1 and _names(text, others[0]) else ""


def ended_by(text: str) -> str | None:
    """Give the plain name of the heading that a total ends: "Total for Checking" ends checking.

    "" for a total that names none; None for what is no total.
    """
    if not re.fullmatch(pattern("total"), plain(text)):
        return None
    rest = re.sub(r"^\W*\w+[ -]*", "", plain(text))
    return re.sub(_LINKS, "", rest).strip(" :")


def _names(code: str, name: str) -> bool:
    """Whether a cell is an account's number, and the one beside it what the account is called."""
    return any(c.isdigit() for c in code) and " " not in code and _has_letters(name) and not _is_number(name)


def _has_letters(text: str) -> bool:
    return any(c.isalpha() for c in text)


def _is_number(text: str) -> bool:
    return any(is_amount(text, mark) for mark in NUMBER)
