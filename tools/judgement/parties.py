"""Whom a row paid, or who paid it: its vendor, else the name in its text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from tools.checks.reconciliation.sides.vocabulary import CHANNEL_ABROAD

_LONGEST: Final = 40
_NUMBER: Final = re.compile(r"\S*\d{3,}\S*")
# What a bank writes before or behind a name to say how it was paid; other words may be the name's own.
_WAYS: Final = CHANNEL_ABROAD | frozenset(
    "ACH BACS BGC CHAPS CHECK CHEQUE CHQ CREDIT CSH DD DEBIT DIRECT EFT FASTER FP FPO IMPS INCOMING INV "
    "INVOICE NEFT ONLINE OUTGOING PAYMENT PMT POS REF RTGS SCT SEPA STANDING TFR TRANSFER WIRE WRE "
    # What names the bill that is paid, of other countries.
    "FACTURA FACTURE FACTUUR FAKTURA FATTURA FATURA LASKU RECHNUNG RG RNR SZAMLA".split()
)
# Behind a way, and of no name: "WIRE OUT 88120 K HOLDINGS", "TRANSFER TO FERN", "OVERFØRING TIL FJORD".
_TOWARDS: Final = frozenset("OUT IN TO FROM FOR BY OF AN TIL FRA TILL FRAN NAAR PARA DLA".split())
# A name's own first word elsewhere ("VON ARX", "DE BOER"): of no name where a colon follows.
_TOWARDS_LABELS: Final = _TOWARDS | frozenset("VON FUR A DE DU AU VAN DO OD DA PER MOTTAGARE".split())
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
    first, last = 0, len(name)
    while first < last and _leads(name[first], behind_way=first > 0):
        first += 1
    while last > first and _bare(name[last - 1]) in _WAYS:
        last -= 1
    rest = name[first:last] or dict.fromkeys(text.split())  # "CHECK CHECK 4446" names a check
    return " ".join(rest)[:_LONGEST].strip()


def _leads(word: str, *, behind_way: bool) -> bool:
    """Whether a word before a name is a way of paying, or says that the name comes: "TO", "Til:"."""
    bare = _bare(word)
    labels = bare in _TOWARDS_LABELS and word.endswith(":")
    way = all(part in _WAYS for part in bare.split("-"))  # "SEPA-ÜBERWEISUNG"
    return way or labels or (behind_way and bare in _TOWARDS)


def _bare(word: str) -> str:
    """Give a word in capitals without accents and the marks around it."""
    letters = unicodedata.normalize("NFKD", word.replace("ø", "o").replace("Ø", "O"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip(".:,-/").upper()
