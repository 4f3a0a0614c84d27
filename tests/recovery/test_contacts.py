"""Contacts are asked for in order; a source that fails in whatever way is named, and the next is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from tests.listening import listening
from tools.core.settings import Settings
from tools.recovery.contacts import call, web_sources, website
from tools.recovery.contacts.draft import ContactDraft, PartyFacts
from tools.store.models import RecoveryParty

PARTY = RecoveryParty(
    party_id="P-1", role="vendor", party_key="ALDER SUPPLY", name="Alder Supply Inc.", external_id="V1",
    city="Portland", state="ME", country="US",
)  # fmt: skip
NO_CONTACTS = PartyFacts("books", [])
PLACE = {
    "id": "x",
    "displayName": {"text": "Alder Supply"},
    "formattedAddress": "1 Quay St, Portland, ME 04101",
    "internationalPhoneNumber": "+1 207-775-0100",
    "websiteUri": "https://alder.example/",
}
PERSON = {
    "value": "ada@alder.example", "confidence": 97, "first_name": "Ada", "last_name": "Finch",
    "position": "Controller", "verification": {"status": "valid"},
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "/places:searchText": {"places": [PLACE]},
    "/businesses/matches": {"businesses": [{"id": "alder"}]},
    "/businesses/alder": {"name": "Alder Supply", "phone": "+12077750101", "location": {"city": "Portland"}},
    "/domain-search": {"data": {"emails": [PERSON]}},
    "/people/match": {
        "person": {"name": "Ada Finch", "email": "ada@alder.example", "email_status": "verified"}
    },
}


@contextmanager
def services(broken: dict[str, tuple[int, bytes]] | None = None) -> Iterator[tuple[Settings, list[str]]]:
    """Run all services on this machine; give the settings that name them, and the paths that were asked."""
    calls: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.partition("?")[0]
            calls.append(path)
            status, data = (broken or {}).get(path, (200, json.dumps(ANSWERS.get(path, {})).encode()))
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _answer  # noqa: N815 - http.server's names

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with listening(ThreadingHTTPServer(("127.0.0.1", 0), Answering)) as port:
        url, key = f"http://127.0.0.1:{port}", SecretStr("k")
        yield (
            Settings(
                places_url=url, yelp_url=url, hunter_url=url, apollo_url=url, contact_seconds=2.0,
                places_key=key, yelp_key=key, hunter_key=key, apollo_key=key,
            ),
            calls,
        )  # fmt: skip


def by_source(looked: list[PartyFacts]) -> dict[str, PartyFacts]:
    """Give what was looked up, by source."""
    return {result.source: result for result in looked}


def test_the_first_valid_number_stops_and_the_site_leads_to_people() -> None:
    """Google has the number: Yelp is not asked; its website gives Hunter the domain; Apollo is not needed."""
    with services() as (settings, calls):
        looked = by_source(web_sources.ask(settings, PARTY, "high", NO_CONTACTS))
    assert calls == ["/places:searchText", "/domain-search"]
    assert looked["yelp"].not_asked == looked["apollo"].not_asked == "the one before has it"
    (number,) = looked["google places"].contacts
    assert number.days == 30
    assert looked["hunter"].contacts[0].name == "Ada Finch"


@pytest.mark.parametrize(
    "failure",
    [(429, b""), (500, b"oops"), (200, b"<html>"), (200, b"[]"), (200, b'{"places": [1, null]}'),
     (200, b"[" * 5000), (200, b"x" * (2 << 20))],
    ids=["429", "500", "no JSON", "a list", "junk", "deep", "too large"],
)  # fmt: skip
def test_a_source_that_fails_is_named_and_the_next_is_asked(failure: tuple[int, bytes]) -> None:
    """Whatever Google answers, Yelp is asked, and has the number."""
    with services({"/places:searchText": failure}) as (settings, calls):
        looked = by_source(web_sources.ask(settings, PARTY, "high", NO_CONTACTS))
    assert "/businesses/alder" in calls
    assert looked["yelp"].contacts[0].value == "+12077750101"
    assert not looked["google places"].contacts
    assert looked["google places"].away or failure[0] == 200  # an answer without a party says nothing


def test_nothing_is_asked_without_a_key_or_for_little() -> None:
    """Without keys, and of a tier below high, no source is asked, and each says why."""
    with services() as (settings, calls):
        low = web_sources.ask(settings, PARTY, "low", NO_CONTACTS)
        without = web_sources.ask(Settings(), PARTY, "high", NO_CONTACTS)
    assert calls == []
    assert {result.not_asked for result in low} == {"tier is low: only tier high is looked up"}
    reasons = by_source(without)
    assert "TIEOUT_PLACES_KEY" in reasons["google places"].not_asked
    assert "TIEOUT_READ_WEBSITES" in reasons["website"].not_asked


def test_what_the_books_have_is_not_asked_for() -> None:
    """A valid address and number in the books leave nothing to ask."""
    drafts = [
        ContactDraft(kind, value, "books", 1.0, "contract")
        for kind, value in (("email", "ada@alder.example"), ("phone", "+1 207-775-0100"))
    ]
    with services() as (settings, calls):
        web_sources.ask(settings, PARTY, "high", PartyFacts("books", drafts))
    assert calls == []


def test_another_business_of_a_like_name_is_not_sure() -> None:
    """The name alone, in another city, is a contact that a person has to look at; another name is none."""
    elsewhere = {**PLACE, "formattedAddress": "9 Main St, Boise, ID"}
    namesake = {**PLACE, "displayName": {"text": "Meridian Freight"}}
    for place, sure in ((elsewhere, 0.5), (namesake, None)):
        broken = {"/places:searchText": (200, json.dumps({"places": [place]}).encode())}
        with services(broken) as (settings, _):
            looked = by_source(web_sources.ask(settings, PARTY, "high", NO_CONTACTS))["google places"]
        confidence = looked.contacts[0].confidence if looked.contacts else None
        assert confidence == sure
        assert looked.site == ""


def test_a_page_names_its_number_and_not_its_fax() -> None:
    """Declared, linked, written: in this order, and a fax never."""
    page = (
        '<script type="application/ld+json">{"@graph": [{"telephone": "+1 207-775-0100"}]}</script>'
        '<a href="tel:+12077750101">call</a> <p>Fax: 207-775-0102, phone (207) 775-0103</p>'
    )
    assert list(website.numbers(page, "US")) == ["+1 207-775-0100", "+12077750101", "(207) 775-0103"]


def test_nobodys_website_leads_into_our_own_net() -> None:
    """A page on this machine, or on a private net, is not read."""
    for url in ("http://127.0.0.1/", "http://localhost/", "http://10.0.0.7/", "file:///etc/passwd"):
        with pytest.raises(call.SourceAwayError, match="public"):
            call.page_from(url, 1.0)
