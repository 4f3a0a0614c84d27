"""A party's telephone number and website from Google Places (New): POST places:searchText.

Source: developers.google.com/maps/documentation/places/web-service/text-search. What Google says may be
kept for 30 days (its terms of service, 3.2.3); the mask of fields is mandatory.
"""

from __future__ import annotations

from typing import Any, Final

from tools.core.settings import Settings
from tools.ledger import vendor
from tools.recovery.contacts import call, sameness
from tools.recovery.contacts.draft import ContactDraft, PartyFacts, Site
from tools.recovery.drafts import PartyDraft
from tools.store.models import RecoveryParty

NAME: Final = "google places"
KEY: Final = "places_key"
DAYS: Final = 30
_PAGE: Final = 20
_PARTS: Final = 4  # of an address: street, city, state with postcode, country
BASIS: Final = "legitimate interest: GDPR, Art. 6(1)(f); a business's own listing"
_FIELDS: Final = (
    "places.id,places.displayName,places.formattedAddress,places.nationalPhoneNumber,"
    "places.internationalPhoneNumber,places.websiteUri"
)


def look(settings: Settings, party: RecoveryParty, site: Site) -> PartyFacts:
    """Ask for the party by name and place. Raises SourceAwayError."""
    places = _places(settings, " ".join(filter(None, (party.name, party.city, party.state))), 3)
    ranked = sorted(((_sure(party, place, site), place) for place in places), key=lambda pair: -pair[0])
    if not ranked or not ranked[0][0]:
        return PartyFacts(NAME, [])
    sure, place = ranked[0]
    number = str(place.get("internationalPhoneNumber") or place.get("nationalPhoneNumber") or "")
    drafts = [ContactDraft("phone", number, NAME, sure, BASIS, days=DAYS)] if number else []
    return PartyFacts(NAME, drafts, site=str(place.get("websiteUri") or "") if sure >= sameness.SURE else "")


def search(settings: Settings, industry: str, location: str, count: int) -> list[PartyDraft]:
    """Give firms of an industry in a place, at most 20: one page of answers. Raises SourceAwayError."""
    places = _places(settings, f"{industry} in {location}", min(count, _PAGE))
    names = [(_name(place), str(place.get("formattedAddress", ""))) for place in places]
    return [
        PartyDraft("prospect", name, vendor.key(name), city=_city(where), industry=industry)
        for name, where in names
        if name
    ]


def _city(address: str) -> str:
    """Give the city of "1 Quay St, Portland, ME 04101, USA"."""
    parts = [part.strip() for part in address.split(",")]
    return parts[-3] if len(parts) >= _PARTS else ""


def _name(place: dict[str, Any]) -> str:
    named = place.get("displayName")
    return str(named.get("text", "")) if isinstance(named, dict) else ""


def _places(settings: Settings, text: str, size: int) -> list[dict[str, Any]]:
    key = settings.places_key.get_secret_value() if settings.places_key else ""
    answer = call.json_from(
        "POST",
        f"{settings.places_url}/places:searchText",
        settings.contact_seconds,
        headers={"X-Goog-Api-Key": key, "X-Goog-FieldMask": _FIELDS},
        body={"textQuery": text, "pageSize": size},
    )
    listed = answer.get("places")
    return [place for place in listed if isinstance(place, dict)] if isinstance(listed, list) else []


def _sure(party: RecoveryParty, place: dict[str, Any], site: Site) -> float:
    return sameness.confidence(
        party,
        _name(place),
        str(place.get("formattedAddress", "")),
        str(place.get("websiteUri", "")),
        site.url,
    )
