"""Recover failed tasks."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.core import settings
from tools.programme import recovery
from tools.store import open_store


class Reads(TypedDict):
    """The programme."""

    run_id: str


class Writes(TypedDict):
    """What comes next."""

    upcoming: str


def recover(state: Reads) -> Writes:
    """Try failed tasks again as the recovery table says; leave the rest to people."""
    done = recovery.recover(open_store(settings.load().database_url), state["run_id"])
    return {"upcoming": "ask_person" if done.person else "dispatch"}
