"""What each role may do: one table, asked by the Server, the pages, the command line and Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

# read: runs, flags, cases, the trail. start: a run; resume or give up one's own. review: say what a flag
# turned out to be. decide: answer what is asked, change the rules, give a run up. administer: schedule runs.
Deed = Literal["read", "start", "review", "decide", "administer"]

STARTER: Final = "starter"  # whoever works on this machine without a token
MAY: Final[Mapping[str, frozenset[Deed]]] = {
    STARTER: frozenset({"read", "start"}),
    "viewer": frozenset({"read"}),
    "auditor": frozenset({"read", "start", "review"}),
    "approver": frozenset({"read", "start", "review", "decide"}),
    "admin": frozenset({"read", "start", "review", "decide", "administer"}),
}


# Who may answer a request, by its kind; a kind that is not listed takes whoever may decide.
ANSWERS: Final[Mapping[str, frozenset[str]]] = {
    "start": frozenset({"auditor", "approver", "admin"}),  # who may start a run by hand may confirm one
}


def may_answer(roles: Iterable[str], kind: str) -> bool:
    """Say whether one of the roles allows an answer to requests of a kind."""
    named = ANSWERS.get(kind)
    return may(roles, "decide") if named is None else not named.isdisjoint(roles)


def may(roles: Iterable[str], deed: Deed) -> bool:
    """Say whether one of the roles allows a deed; a role that is not listed (a controller) allows none."""
    return any(deed in MAY.get(role, ()) for role in roles)


def holders(deed: Deed) -> str:
    """Name the roles that may do it, the least first."""
    return ", ".join(role for role, deeds in MAY.items() if deed in deeds)


def answerers(kind: str) -> str:
    """Name the roles that may answer requests of a kind, the least first."""
    named = ANSWERS.get(kind)
    return holders("decide") if named is None else ", ".join(role for role in MAY if role in named)
