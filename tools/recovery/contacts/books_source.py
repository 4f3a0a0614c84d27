"""Contacts out of the books: the list of contacts in the sources file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rapidfuzz.distance import JaroWinkler

from tools.books.engine import Books
from tools.core.sql_files import sql
from tools.recovery.contacts.draft import ContactDraft, PartyFacts
from tools.recovery.contacts.sameness import SURE
from tools.store.models import RecoveryParty

NAME: Final = "books"
_BASIS: Final = "business relationship: GDPR, Art. 6(1)(b) and (f)"


def look(books: Books, party: RecoveryParty) -> PartyFacts:
    """Give what the books' list of contacts says of a party: by its number, by its name, or by one alike.

    A name that is only alike is ambiguous unless the city is the same.
    """
    rows = books.rows(
        sql("tools.recovery", "contact"), {"party_id": party.external_id, "party_key": party.party_key}
    )
    if rows:
        return PartyFacts(NAME, [draft for row in rows for draft in _drafts(row, 1.0)], rows[0])
    near = [
        (row, JaroWinkler.normalized_similarity(str(row["party_key"]), party.party_key))
        for row in _all(books)
    ]
    alike = [(row, score) for row, score in near if score >= SURE]
    if len({row["party_key"] for row, _ in alike}) != 1:
        return PartyFacts(NAME, [], None)
    drafts = [draft for row, score in alike for draft in _drafts(row, score * _share(row, party))]
    return PartyFacts(NAME, drafts, alike[0][0])


def _all(books: Books) -> list[dict[str, Any]]:
    return books.rows(sql("tools.recovery", "contact"), {"party_id": None, "party_key": None})


def _share(row: Mapping[str, Any], party: RecoveryParty) -> float:
    same_city = bool(party.city) and str(row["city"] or "").casefold() == party.city.casefold()
    return 1.0 if same_city else 0.5


def _drafts(row: Mapping[str, Any], confidence: float) -> list[ContactDraft]:
    name, position = str(row["person_name"] or ""), str(row["position"] or "")
    return [
        ContactDraft(kind, str(row[kind]), NAME, confidence, _BASIS, name=name, position=position)
        for kind in ("email", "phone")
        if row[kind]
    ]
