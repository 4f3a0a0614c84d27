"""Prospects: firms of an industry in a place that are worth writing to, none of them a party of ours already.

search_of(store, run_id) -> ProspectSearch | None          what the run was started for
claims(settings, books, search, rules) -> [ClaimDraft]     out of the list of contacts, then Google Places

A prospect owes nothing: its amount is what the rules take its recovery to be worth, from low to high. Its
claim is CRITICAL, two people approve it, and no rule does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from tools.books.engine import Books
from tools.core import money
from tools.core.errors import SettingsError
from tools.core.settings import Settings
from tools.core.sql_files import sql
from tools.recovery.contacts import places
from tools.recovery.drafts import OWED, ClaimDraft, ItemDraft, PartyDraft
from tools.rules.recovery import RecoveryRules
from tools.store import Store, runs

KIND: Final = "prospect"
_BASIS: Final = "No debt: a firm to which an audit of its bills, for a share of what comes back, is offered."


class ProspectSearch(NamedTuple):
    """Which prospects, and how many at most."""

    industry: str
    location: str
    most: int


def search_of(store: Store, run_id: str) -> ProspectSearch | None:
    """Give what a run was started for; None for one that looks for what is owed."""
    details = runs.get(store, run_id).counts.get("prospects")
    if not details:
        return None
    return ProspectSearch(str(details["industry"]), str(details["location"]), int(details["count"]))


def claims(
    settings: Settings, books: Books, search: ProspectSearch, rules: RecoveryRules
) -> list[ClaimDraft]:
    """Give a claim for each prospect. Raises SettingsError where nothing can be searched."""
    parties: dict[str, PartyDraft] = {}
    for party in _listed(books, search):
        parties.setdefault(party.key, party)
    if len(parties) < search.most and settings.places_key:
        for party in places.search(settings, search.industry, search.location, search.most):
            parties.setdefault(party.key, party)
    if not parties and not settings.places_key:
        raise SettingsError(
            f"there are no prospects: the list of contacts has no {search.industry} in {search.location}.",
            place="a source of kind contact, with its column industry",
            remedy="Add them there, or set TIEOUT_PLACES_KEY to search Google Places.",
        )
    own = _own_parties(books)
    fresh = [party for key, party in parties.items() if key not in own]
    return [_claim(books, party, rules) for party in fresh[: search.most]]


def _listed(books: Books, search: ProspectSearch) -> Iterator[PartyDraft]:
    place = search.location.casefold()
    rows = books.rows(sql("tools.recovery", "contact"), {"party_id": None, "party_key": None})
    for row in rows:
        where = (str(row[name] or "").casefold() for name in ("city", "state", "country"))
        if str(row["industry"] or "").casefold() == search.industry.casefold() and place in where:
            yield PartyDraft(
                KIND, str(row["party_name"]), str(row["party_key"]), str(row["party_id"] or ""),
                **{name: str(row[name] or "") for name in ("city", "state", "country", "industry")},
            )  # fmt: skip


def _own_parties(books: Books) -> set[str]:
    """Give the names of our own vendors: nobody sells to a party of theirs as to a stranger."""
    return {str(row["party_key"]) for row in books.rows(sql("tools.recovery", "own_party"))}


def _claim(books: Books, party: PartyDraft, rules: RecoveryRules) -> ClaimDraft:
    code = books.manifest.currency
    low, likely, high = (money.to_minor(amount, code) for amount in rules.prospect_saving)
    item = ItemDraft(OWED, f"{party.industry} {party.name}", likely, code, source="prospect", note="estimate")
    title = f"Prospect: {party.name}, {party.industry}, {party.city or party.state}"
    return ClaimDraft(
        books.manifest.entity, KIND, party, title, _BASIS, code, [item], low_minor=low, high_minor=high
    )
