"""Vendor names, normalised: what stays is what tells one vendor from another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

# What networks, aggregators and banks put before the merchant: Square, Toast, PayPal, Stripe, Shopify ...
_PREFIX: Final = re.compile(
    r"^(?:(?:SQ|TST|SP|PP|PY|IN|EB|FS|CKE|BT|DD|IZ|ZETTLE_|SUMUP|STRIPE|PAYPAL|PADDLE\.NET|2CO\.COM)\s*\*+\s*"
    r"|(?:CHECKCARD|POS DEBIT|POS PURCHASE|DEBIT CARD PURCHASE|PURCHASE AUTHORIZED ON|ACH DEBIT"
    r"|ACH CREDIT)\s+(?:\d{2}/?\d{2}\s+)?)"
)
_MARKETPLACE: Final = re.compile(r"^(?:AMZN MKTP|AMZN MKT|AMAZON MKTPL(?:ACE)?|AMZN)\b.*$")
_ORDER: Final = re.compile(r"\*(?=\S*\d)\S*")  # an order's code right behind the star: "US*1A2B"
_CODE: Final = re.compile(r"\s+(?=\S*\d)(?=\S*[A-Z])[A-Z0-9]{4,}$")  # or at the end: "UBER *TRIP 8XK2"
_STORE: Final = re.compile(r"\s+(?:#\s*\d+|NO\.?\s*\d+|STORE\s+\d+|T-?\d{3,}|\d{3}[-. ]\d{3}[-. ]\d{4})\b.*$")
_BRANCH: Final = re.compile(r"(?<=\S)\s+\d{4,}$")  # shorter numbers may be the vendor's own: "Division 111"
_DOMAIN: Final = re.compile(r"\.(?:COM|NET|ORG|IO|US|CO\.UK|DE)\b(?:/\S*)?")
LEGAL_FORMS: Final = frozenset(
    "AB AG APS AS ASA BHD BV CIA CO COMPANY CORP CORPORATION DBA EIRL GMBH INC INCORPORATED KG KK LIMITED LLC"
    " LLP LP LTD LTDA NV OHG OY OYJ PC PLC PLLC PTE PTY PVT SA SARL SAS SDN SE SL SPA SRL UG".split()
)
_LEADING: Final = re.compile(r"^THE\s+")
_DOTTED: Final = re.compile(r"\b(?:[A-Z]\.){2,}")


def key(name: str) -> str:
    """Normalise one vendor name.

    Upper case without accents; card-network noise ("SQ *", "AMZN MKTP US*1A2B"), order codes, store and
    phone numbers, domains, punctuation and legal suffixes go. Never empty for a name that is not blank.
    """
    text = unicodedata.normalize("NFKD", name).upper()
    text = "".join(c for c in text if not unicodedata.combining(c)).strip()
    if _MARKETPLACE.match(text):
        return "AMAZON MARKETPLACE"
    text = _DOTTED.sub(lambda match: match[0].replace(".", ""), text)
    short = _ORDER.sub(" ", _PREFIX.sub("", text)).strip()
    short = _CODE.sub("", short) if "*" in text else short
    short = _BRANCH.sub("", _STORE.sub("", _DOMAIN.sub(" ", short)).strip())
    return _words(short) or _words(text) or text or name.strip()


def order_code(name: str) -> str:
    """Give the order's code behind a merchant's name, "1A2B3C" of "AMZN MKTP US*1A2B3C"; "" for none."""
    text = _PREFIX.sub("", name.strip().upper())
    code = _ORDER.search(text) or (_CODE.search(text) if "*" in text else None)
    return code[0].strip("* ") if code else ""


def keys(names: Iterable[str]) -> dict[str, str]:
    """Normalise distinct names: name -> key."""
    return {name: key(name) for name in names}


def _words(text: str) -> str:
    text = _LEADING.sub("", text.replace("&", " AND ").replace("'", "").replace("\u2019", ""))
    words = re.sub(r"[^\w]+|_", " ", text).split()
    while len(words) > 1 and (words[-1] in LEGAL_FORMS or words[-1] == "AND"):
        words.pop()
    return " ".join(words)
