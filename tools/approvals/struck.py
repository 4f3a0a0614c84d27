"""People whose earlier votes do not count any more: struck from the users file, or without the role."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from tools.core import settings
from tools.core.errors import IdentityError
from tools.identity import roles, users_file

BY_RULE: Final = "rule"  # who decides where the settings approve by themselves


def struck(people: Collection[str], kind: str) -> frozenset[str]:
    """Give those of the people who may not answer requests of a kind any more.

    Whom only an identity provider knows is taken at their token's word: no file says that they have left.
    """
    limits = settings.load()
    if not people or not limits.users.is_file():
        return frozenset()
    try:
        users = users_file.read(limits.users)
    except IdentityError:  # a file that is broken for a moment strikes nobody: signing in fails anyway
        return frozenset()
    elsewhere = limits.takes_jwts
    return frozenset(
        user
        for user in people
        if user != BY_RULE
        and (
            users.bars(user)
            or (not roles.may_answer(users.users[user].roles, kind) if user in users.users else not elsewhere)
        )
    )
