"""Whom a row paid, or who paid it: its vendor, else the name in its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_LONGEST: Final = 40
_NUMBER: Final = re.compile(r"\S*\d{3,}\S*")
# What a bank writes before or behind a name to say how it was paid; other words may be the name's own.
_WAYS: Final = frozenset(
    "ACH BACS BGC CHAPS CHECK CHEQUE CHQ CREDIT CSH DD DEBIT DIRECT EFT FASTER FP FPO IMPS INCOMING INV "
    "INVOICE NEFT ONLINE OUTGOING PAYMENT PMT POS REF RTGS SCT SEPA STANDING TFR TRANSFER WIRE WRE".split()
)
# Behind a way, and of no name: "WIRE OUT 88120 K HOLDINGS", "TRANSFER TO FERN".
_TOWARDS: Final = frozenset("OUT IN TO FROM FOR BY OF".split())
# What some banks write before the name of the other party; the name ends at the next label.
_LABELLED: Final = re.compile(
    r"(?:^|[\s/;])(?:ORIG CO NAME|IND NAME|BENEFICIARY|BENEF|BNF|B/O|A/C|NAAM|NAME)\s*[:/]\s*"
    r"(?=[^\W\d_])(.+?)"
    r"(?=\s+(?:ORIG ID|DESC DATE|CO ENTRY DESCR|IND ID|IND NAME|[^\W\d_/]+)\s*:|/[A-Z]+/|[;,]|$)",
    re.IGNORECASE,
)


def party(row: Mapping[str, Any]) -> str:
    """Name whom a row paid: its vendor, else the name in its text, labelled or left of it, else ""."""
    if row["vendor_name"]:
        return str(row["vendor_name"])
    text = " ".join(str(row.get("description") or "").split())
    labelled = _LABELLED.search(text)
    if labelled:
        return labelled[1][:_LONGEST].strip()
    name = [word for word in text.split() if not _NUMBER.fullmatch(word)]
    words = [word.strip(".:,-/").upper() for word in name]
    first, last = 0, len(name)
    while first < last and (words[first] in _WAYS or (first and words[first] in _TOWARDS)):
        first += 1
    while last > first and words[last - 1] in _WAYS:
        last -= 1
    return " ".join(name[first:last] or text.split())[:_LONGEST].strip()
