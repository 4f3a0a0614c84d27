"""Whether an address or number can be one: by the rules of their standards, without asking anybody.

Sources: RFC 5321 and 5322 (email-validator); ITU-T E.164 and libphonenumber's plans (phonenumbers).
"""

from __future__ import annotations

from typing import NamedTuple

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberType, timezone

_NO_PERSON = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PAGER})


class Phone(NamedTuple):
    """A number in E.164, its country, and the zones that it may ring in."""

    number: str
    country: str
    zones: tuple[str, ...]


def email(text: str) -> str:
    """Give an address in its one spelling; "" for what is none, or is nobody's (no-reply)."""
    try:
        # Names reserved for documentation (RFC 2606, .example) are addresses of samples and tests.
        checked = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        if not text.strip().lower().endswith(".example"):
            return ""
        local, _, domain = text.strip().rpartition("@")
        return f"{local}@{domain.lower()}" if local and " " not in text.strip() else ""
    local = checked.local_part.lower().replace("-", "").replace("_", "")
    return "" if local in ("noreply", "donotreply", "mailerdaemon") else checked.normalized


def phone(text: str, country: str) -> Phone | None:
    """Give a number that is possible and of this country; None for fax-only, premium or another country's.

    country: ISO 3166; empty takes any.
    """
    try:
        parsed = phonenumbers.parse(text, country or None)
    except NumberParseException:
        return None
    region = phonenumbers.region_code_for_number(parsed) or ""
    if not phonenumbers.is_valid_number(parsed) or (country and region != country.upper()):
        return None
    if phonenumbers.number_type(parsed) in _NO_PERSON:
        return None
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Phone(number, region, tuple(timezone.time_zones_for_number(parsed)))


def domain_of(address: str) -> str:
    """Give the domain of an address, in lower case."""
    return address.rpartition("@")[2].lower()
