"""The sources on the web, in their order: numbers from the first that has a valid one, then people.

ask(settings, party, tier, books) -> [Looked]      one for each source: what it gave, or why it was not asked
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Final

from tools.core.settings import Settings
from tools.recovery.contacts import apollo, hunter, places, valid, website, yelp
from tools.recovery.contacts.call import SourceAwayError
from tools.recovery.contacts.draft import ContactDraft, PartyFacts, Site
from tools.recovery.contacts.sameness import SURE
from tools.store.models import RecoveryParty

# Each has NAME, KEY (the setting with its key) and look(settings, party, site) -> Looked.
NUMBERS: Final[tuple[ModuleType, ...]] = (places, yelp, website)
PEOPLE: Final[tuple[ModuleType, ...]] = (hunter, apollo)
# Mailboxes that people have of their own: their domain is not the party's.
_FREE: Final = frozenset(
    "gmail.com googlemail.com yahoo.com hotmail.com outlook.com live.com icloud.com aol.com gmx.de gmx.net"
    " web.de t-online.de proton.me mail.ru yandex.ru qq.com".split()
)


def ask(settings: Settings, party: RecoveryParty, tier: str, books: PartyFacts) -> list[PartyFacts]:
    """Ask what the books leave open; nothing of a party whose claims are not worth it."""
    if tier != "high" and party.role != "prospect":
        reason = f"tier is {tier or 'not known'}: only tier high is looked up"
        return [PartyFacts(source.NAME, [], not_asked=reason) for source in (*NUMBERS, *PEOPLE)]
    site = _site_of(books)
    looked: list[PartyFacts] = []
    for kind, sources in (("phone", NUMBERS), ("email", PEOPLE)):
        has = _has(party, kind, books.contacts)
        for source in sources:
            result = PartyFacts(source.NAME, [], not_asked="the one before has it") if has else _ask_source(
                source, settings, party, site
            )  # fmt: skip
            has = has or _has(party, kind, result.contacts)
            if result.site and not site.url:
                site = replace(site, url=result.site, confidence=1.0)
            site = replace(site, person=site.person or next(_people(result.contacts), ""))
            looked.append(result)
    return looked


def _ask_source(source: ModuleType, settings: Settings, party: RecoveryParty, site: Site) -> PartyFacts:
    if source.KEY and not getattr(settings, source.KEY):
        return PartyFacts(source.NAME, [], not_asked=f"no key (setting TIEOUT_{source.KEY.upper()})")
    if source is website and not settings.read_websites:
        return PartyFacts(source.NAME, [], not_asked="off (setting TIEOUT_READ_WEBSITES)")
    try:
        looked: PartyFacts = source.look(settings, party, site)
    except SourceAwayError as error:
        return PartyFacts(source.NAME, [], away=error.message)
    return looked


def _site_of(books: PartyFacts) -> Site:
    """Give what the books say: the domain of an address that is the party's own, and a person."""
    hosts = [valid.domain_of(draft.value) for draft in books.contacts if draft.kind == "email"]
    own = next((host for host in hosts if host and host not in _FREE), "")
    person = next(_people(books.contacts), "")
    return Site(f"https://{own}/" if own else "", 1.0 if own else 0.0, person)


def _people(drafts: Sequence[ContactDraft]) -> Iterator[str]:
    return (draft.name for draft in drafts if " " in draft.name.strip())


def _has(party: RecoveryParty, kind: str, drafts: Sequence[ContactDraft]) -> bool:
    of_kind = [draft for draft in drafts if draft.kind == kind and draft.confidence >= SURE]
    if kind == "phone":
        return any(valid.phone(draft.value, party.country or "") for draft in of_kind)
    return any(valid.email(draft.value) for draft in of_kind)
