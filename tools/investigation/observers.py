"""Who looks at a case: three views of it, side by side."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Observer:
    """One view of a case. letter: of the ids of what it finds. view: what it is told to look at."""

    name: str
    letter: str
    view: str
    lookups: tuple[str, ...]


OBSERVERS: tuple[Observer, ...] = (
    Observer(
        "books",
        "B",
        "You look at the books: the rows around these flags, the same vendor, person, amount and document, "
        "and what could be each row's other half.",
        ("query_ledger", "find_candidates", "profile_vendor"),
    ),
    Observer(
        "documents",
        "D",
        "You look at what people wrote: e-mails, calendar entries and documents that could explain these "
        "flags, or speak against an explanation.",
        ("search_documents", "query_ledger"),
    ),
    Observer(
        "history",
        "H",
        "You look at history: how this vendor and these people behaved before, and what people decided "
        "about flags like these.",
        ("find_decisions", "profile_vendor", "query_ledger"),
    ),
)


def by_name(name: str) -> Observer:
    """Give an observer by its name."""
    return next(observer for observer in OBSERVERS if observer.name == name)
