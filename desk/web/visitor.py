"""Who looks at a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tools.identity.people import Person


@dataclass(frozen=True)
class Visitor:
    """Who looks at a page: a person who signed in, or somebody at this machine who may read."""

    session: str
    csrf: str = field(repr=False)
    person: Person | None
    token: str | None = field(repr=False)
    here: bool  # on this machine, where reading is open

    @property
    def may_read(self) -> bool:
        """Say whether pages are shown."""
        return self.here if self.person is None else self.person.may("read")

    @property
    def may_send(self) -> bool:
        """Say whether files are taken: from a person who signed in and may start an audit of them."""
        return self.person is not None and self.person.signed_in and self.person.may("start")


ANONYMOUS: Final = Visitor(session="", csrf="", person=None, token=None, here=False)
