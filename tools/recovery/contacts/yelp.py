"""A party's telephone number from Yelp: /v3/businesses/matches, then the business itself.

Source: docs.developer.yelp.com/reference/v3_business_match. Yelp's data may be kept for 24 hours (its API
terms, 6.b): the number is kept as long, and asked for again when it is needed.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from tools.core.settings import Settings
from tools.recovery.contacts import call, sameness
from tools.recovery.contacts.draft import ContactDraft, PartyFacts, Site
from tools.store.models import RecoveryParty

NAME: Final = "yelp"
KEY: Final = "yelp_key"
DAYS: Final = 1
BASIS: Final = "legitimate interest: GDPR, Art. 6(1)(f); a business's own listing"


def look(settings: Settings, party: RecoveryParty, site: Site) -> PartyFacts:
    """Ask for the party by name and place. Raises SourceAwayError."""
    if not (party.city and party.state and party.country):
        return PartyFacts(NAME, [], not_asked="its city, state or country is not known")
    key = settings.yelp_key.get_secret_value() if settings.yelp_key else ""
    headers = {"Authorization": f"Bearer {key}"}
    place = {"city": party.city, "state": party.state, "country": party.country}
    matches = call.json_from(
        "GET",
        f"{settings.yelp_url}/businesses/matches",
        settings.contact_seconds,
        headers=headers,
        parameters={"name": party.name, "address1": "", **place},
    ).get("businesses")
    first = matches[0] if isinstance(matches, list) and matches and isinstance(matches[0], dict) else {}
    if not first.get("id"):
        return PartyFacts(NAME, [])
    url = f"{settings.yelp_url}/businesses/{quote(str(first['id']), safe='')}"
    business = call.json_from("GET", url, settings.contact_seconds, headers=headers)
    where = business.get("location")
    city = str(where.get("city", "")) if isinstance(where, dict) else ""
    sure = sameness.confidence(party, str(business.get("name", "")), city, known_site=site.url)
    number = str(business.get("phone") or "")
    drafts = [ContactDraft("phone", number, NAME, sure, BASIS, days=DAYS)] if number and sure else []
    return PartyFacts(NAME, drafts)
