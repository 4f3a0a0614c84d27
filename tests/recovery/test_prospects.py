"""Prospects come from the list or a search, owe nothing, and are nobody's that the books know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.recovery import debts
from tests.recovery.test_contacts import services
from tools import ledger
from tools.books.engine import Books
from tools.core import settings
from tools.core.errors import SettingsError
from tools.ledger.window import Window
from tools.recovery import books, prospects, scout
from tools.recovery.letters import text

LIST = """\
id,name,person,email,zone,industry,city
,Harbor Inn,Ivo Lund,ivo@harborinn.example,UTC,hotels,Portland
,Gull Hotel,,desk@gull.example,UTC,hotels,Boise
V1,Alder Supply,Ada Finch,accounts@alder.example,UTC,hotels,Portland
"""


@pytest.fixture
def our_books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Books:
    """Give books with a list of contacts in which a vendor of ours is one of the hotels."""
    for name, value in debts.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    path = debts.write(tmp_path)
    (tmp_path / "contacts.csv").write_text(LIST, encoding="utf-8")
    zone = "      timezone: zone\n"
    more = f"{zone}      industry: industry\n      city: city\n"
    declared = path.read_text(encoding="utf-8").replace(zone, more)
    path.write_text(declared, encoding="utf-8")
    sources = books.read_file(path)
    ledger.read(sources, Window({}, books.day_of(sources)), settings.load(), tmp_path / "read")
    return Books.open(tmp_path / "read", settings.load())


def test_the_list_gives_prospects_of_the_place_that_are_no_vendors(our_books: Books) -> None:
    """Of three hotels one is elsewhere and one a vendor of ours; the amount is an estimate, low to high."""
    with our_books as read:
        (claim,) = prospects.claims(
            settings.load(), read, prospects.ProspectSearch("Hotels", "portland", 10), debts.RULES
        )
    assert (claim.party.role, claim.party.name) == ("prospect", "Harbor Inn")
    assert (claim.low_minor, claim.amount_minor, claim.high_minor) == (25_000, 100_000, 400_000)
    assert scout.risk_of(claim, debts.RULES) == "CRITICAL"


def test_a_search_fills_up_what_the_list_lacks(our_books: Books) -> None:
    """With a key Google Places is asked for more; without one, nothing there is an error with its remedy."""
    place = {"displayName": {"text": "Beacon Inn LLC"}, "formattedAddress": "1 Quay, Boise, ID 83701, USA"}
    answer = {"/places:searchText": (200, json.dumps({"places": [place]}).encode())}
    search = prospects.ProspectSearch("hotels", "Boise", 2)
    with our_books as read, services(answer) as (limits, _):
        claims = prospects.claims(limits, read, search, debts.RULES)
        with pytest.raises(SettingsError, match="no prospects"):
            prospects.claims(
                settings.load(), read, prospects.ProspectSearch("banks", "Boise", 2), debts.RULES
            )
    assert [(claim.party.name, claim.party.city) for claim in claims] == [
        ("Gull Hotel", "Boise"),
        ("Beacon Inn LLC", "Boise"),
    ]


@pytest.mark.parametrize(("language", "word"), [("en", "unsubscribe"), ("de", "abmelden")])
def test_a_prospects_letter_names_no_debt_and_the_way_out(language: str, word: str) -> None:
    """It says that it is an advertisement, who writes and where, how to be left alone; and no amount."""
    facts = text.Facts(
        claim_id="K-1", kind="prospect", role="prospect", language=language, level=1, open_minor=100_000,
        currency="USD", items=[], person="", entity="Small Books Ltd", address="1 Quay, Port",
        last_sent=None, pay_by=None,
    )  # fmt: skip
    letter = text.write(facts)
    assert word in letter.body
    assert "1 Quay, Port" in letter.body
    assert "1,000" not in letter.body + letter.subject
