"""Whether a business that a source names is the party that was asked about: by name, and city or domain."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from rapidfuzz.distance import JaroWinkler

from tools.ledger import vendor
from tools.store.models import RecoveryParty

SURE: Final = 0.9  # likeness of names from which two are one, in the same city or domain
_UNPLACED: Final = 0.5  # what is left of the confidence where neither says so


def confidence(party: RecoveryParty, name: str, place: str, site: str = "", known_site: str = "") -> float:
    """Say how sure it is: 0 for another name, halved where neither its city nor its domain is the party's."""
    likeness = JaroWinkler.normalized_similarity(vendor.key(name), party.party_key)
    if likeness < SURE:
        return 0.0
    in_city = bool(party.city) and party.city.casefold() in place.casefold()
    same_domain = bool(known_site) and domain(site) == domain(known_site)
    return likeness if in_city or same_domain else likeness * _UNPLACED


def domain(site: str) -> str:
    """Give a site's host without www, in lower case; "" for what is none."""
    parts = urlsplit(site if "//" in site else f"//{site}")
    try:
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")
