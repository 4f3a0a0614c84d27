"""People of a party's finance department, by its domain, from Hunter: /v2/domain-search.

Source: hunter.io/api-documentation/v2#domain-search.
"""

from __future__ import annotations

from typing import Any, Final

from tools.core.settings import Settings
from tools.recovery.contacts import call, sameness
from tools.recovery.contacts.draft import ContactDraft, PartyFacts, Site
from tools.store.models import RecoveryParty

NAME: Final = "hunter"
KEY: Final = "hunter_key"
DAYS: Final = 90
BASIS: Final = "legitimate interest: GDPR, Art. 6(1)(f); of public pages, see the source's notice"
_HUNDRED: Final = 100


def look(settings: Settings, party: RecoveryParty, site: Site) -> PartyFacts:
    """Ask for the finance department's addresses. Raises SourceAwayError."""
    del party  # the domain is who it is
    host = sameness.domain(site.url)
    if not host:
        return PartyFacts(NAME, [], not_asked="its domain is not known")
    key = settings.hunter_key.get_secret_value() if settings.hunter_key else ""
    answer = call.json_from(
        "GET",
        f"{settings.hunter_url}/domain-search",
        settings.contact_seconds,
        headers={"X-API-KEY": key},
        parameters={"domain": host, "department": "finance"},
    )
    data = answer.get("data")
    listed = data.get("emails") if isinstance(data, dict) else None
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    return PartyFacts(NAME, [draft for row in rows if (draft := _draft(row, host, site)) is not None])


def _draft(row: dict[str, Any], host: str, site: Site) -> ContactDraft | None:
    address = str(row.get("value", ""))
    checked = row.get("verification")
    status = str(checked.get("status", "")) if isinstance(checked, dict) else ""
    if status == "invalid" or not address.lower().endswith(f"@{host}"):
        return None
    score = row.get("confidence")
    sure = 1.0 if status == "valid" else (score / _HUNDRED if isinstance(score, int | float) else 0.0)
    name = " ".join(str(row.get(part) or "") for part in ("first_name", "last_name")).strip()
    position = str(row.get("position") or "")
    return ContactDraft("email", address, NAME, min(sure, site.confidence), BASIS, name, position, DAYS)
