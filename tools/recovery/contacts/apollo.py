"""A person whose name is known, with an address, from Apollo: POST /v1/people/match.

Source: docs.apollo.io/reference/people-enrichment.
"""

from __future__ import annotations

from typing import Final

from tools.core.settings import Settings
from tools.recovery.contacts import call, sameness
from tools.recovery.contacts.draft import ContactDraft, PartyFacts, Site
from tools.store.models import RecoveryParty

NAME: Final = "apollo"
KEY: Final = "apollo_key"
DAYS: Final = 90
BASIS: Final = "legitimate interest: GDPR, Art. 6(1)(f); see the source's notice"


def look(settings: Settings, party: RecoveryParty, site: Site) -> PartyFacts:
    """Ask for the person that the books or another source name at the party. Raises SourceAwayError."""
    if not site.person:
        return PartyFacts(NAME, [], not_asked="nobody's name is known")
    key = settings.apollo_key.get_secret_value() if settings.apollo_key else ""
    body = {"name": site.person, "organization_name": party.name}
    host = sameness.domain(site.url)
    answer = call.json_from(
        "POST",
        f"{settings.apollo_url}/people/match",
        settings.contact_seconds,
        headers={"X-Api-Key": key},
        body={**body, "domain": host} if host else body,
    )
    person = answer.get("person")
    if not isinstance(person, dict) or not person.get("email"):
        return PartyFacts(NAME, [])
    same = str(person["email"]).lower().endswith(f"@{host}") if host else False
    sure = site.confidence if same and person.get("email_status") == "verified" else 0.5
    name, title = str(person.get("name") or ""), str(person.get("title") or "")
    draft = ContactDraft("email", str(person["email"]), NAME, sure, BASIS, name, title, DAYS)
    return PartyFacts(NAME, [draft])
