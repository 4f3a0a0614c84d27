"""A party's telephone number from its own website: the front page, contact and imprint, no more.

Keeps robots.txt (RFC 9309), a request a second, a megabyte a page; runs no script. Read are JSON-LD
(schema.org, telephone), tel: links (RFC 3966), and numbers in the text (libphonenumber).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from html import unescape
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx
import phonenumbers

from tools.core.settings import Settings
from tools.recovery.contacts import call, valid
from tools.recovery.contacts.draft import ContactDraft, PartyFacts, Site
from tools.store.models import RecoveryParty

NAME: Final = "website"
KEY: Final = ""
DAYS: Final = 180
BASIS: Final = "legitimate interest: GDPR, Art. 6(1)(f); published by the business itself"
_PAGES: Final = ("/", "/contact", "/impressum")
_LINKED: Final = re.compile(r"""(?is)<script[^>]+application/ld\+json[^>]*>(.*?)</script>""")
_TEL: Final = re.compile(r"""(?i)href\s*=\s*["']?tel:([^"'>\s]+)""")
_TAGS: Final = re.compile(r"(?is)<(script|style)\b.*?</\1>|<[^>]+>")
_FAX: Final = re.compile(r"(?i)\b(tele)?fax\b[^a-z]{0,12}$")
_A_SECOND: Final = 1.0


def look(settings: Settings, party: RecoveryParty, site: Site) -> PartyFacts:
    """Read the party's pages until one has a number that is valid. Raises SourceAwayError."""
    parts = urlsplit(site.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return PartyFacts(NAME, [], not_asked="its website is not known")
    rules = _robots(site.url, settings)
    refused = 0
    for path in _PAGES:
        url = urljoin(site.url, path)
        if not rules.can_fetch(call.AGENT, url):
            refused += 1
            continue
        for number in numbers(_page(url, settings), party.country or ""):
            if valid.phone(number, party.country or ""):
                return PartyFacts(
                    NAME, [ContactDraft("phone", number, NAME, site.confidence, BASIS, days=DAYS)]
                )
    not_asked = "its robots.txt forbids it" if refused == len(_PAGES) else ""
    return PartyFacts(NAME, [], not_asked=not_asked)


def _robots(site: str, settings: Settings) -> RobotFileParser:
    rules = RobotFileParser()
    try:
        rules.parse(call.page_from(urljoin(site, "/robots.txt"), settings.contact_seconds).splitlines())
    except call.SourceAwayError as error:
        if not _is_missing(error):
            raise
        rules.parse([])  # RFC 9309, 2.3.1.3: without the file, all may be read
    return rules


def _is_missing(error: call.SourceAwayError) -> bool:
    return error.status in (httpx.codes.NOT_FOUND, httpx.codes.GONE)


def _page(url: str, settings: Settings) -> str:
    time.sleep(_A_SECOND)
    try:
        return call.page_from(url, settings.contact_seconds)
    except call.SourceAwayError as error:
        if _is_missing(error):
            return ""  # the next one may be there
        raise


def numbers(page: str, country: str) -> Iterator[str]:
    """Give the telephone numbers of a page, the surest first: declared, linked, then in its text, no fax."""
    for block in _LINKED.findall(page):
        yield from _declared(block)
    for linked in _TEL.findall(page):
        yield unquote(unescape(linked))
    words = " ".join(unescape(_TAGS.sub(" ", page)).split())
    for match in phonenumbers.PhoneNumberMatcher(words, country or None):
        if not _FAX.search(words[: match.start]):
            yield match.raw_string


def _declared(block: str) -> Iterator[str]:
    try:
        pending: list[Any] = [json.loads(block)]
    except (ValueError, RecursionError):
        return
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if isinstance(node.get("telephone"), str):
                yield node["telephone"]
            pending += node.values()
        elif isinstance(node, list):
            pending += node
