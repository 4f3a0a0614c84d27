"""Reviewers who say what they are made to say, and an approver who signs whatever is put before him."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.reviewers import scene
from graph.runtime import session
from tools.checks.rules_file import load_rules
from tools.core import money, settings
from tools.core.environment_variables import with_variables
from tools.feedback import changes, replay
from tools.store import Store, flags, open_store, proposals, runs
from tools.store.models import Flag

Review = Callable[[Store], None]


@dataclass(frozen=True)
class Learned:
    """What a round came to. missed: true errors that are no longer asked about; spared: right payments."""

    applied: list[str]
    refused: list[str]
    missed: str
    spared: str

    def __str__(self) -> str:
        applied = "; ".join(self.applied) or "nothing"
        refused = "".join(f"\n    refused {refusal}" for refusal in self.refused)
        return (
            f"applied {applied}; newly missed {self.missed}, no longer asked in vain {self.spared}{refused}"
        )


def sound(store: Store) -> None:
    """Two people say what is so."""
    power, ghost = scene.of_vendor(store, scene.POWER), scene.of_vendor(store, scene.GHOST)
    scene.say(store, "ana", "false_positive", *power[:9])
    scene.say(store, "ben", "false_positive", *power[9:])
    scene.say(store, "ana", "confirmed", *ghost[:7])
    scene.say(store, "ben", "confirmed", *ghost[7:])


def lazy(store: Store) -> None:
    """One calls everything false; another has looked at a few."""
    power, ghost = scene.of_vendor(store, scene.POWER), scene.of_vendor(store, scene.GHOST)
    scene.say(store, "ben", "false_positive", *power, *ghost)
    scene.say(store, "ana", "confirmed", *ghost[:4])
    scene.say(store, "ana", "false_positive", *power[:4])


def lazy_alone(store: Store) -> None:
    """One calls everything false, and nobody else has looked."""
    scene.say(
        store,
        "ben",
        "false_positive",
        *scene.of_vendor(store, scene.POWER),
        *scene.of_vendor(store, scene.GHOST),
    )


def hostile(store: Store) -> None:
    """One hides a vendor's errors, and is right about everything else."""
    scene.say(store, "ben", "false_positive", *scene.of_vendor(store, scene.GHOST))
    scene.say(store, "ana", "false_positive", *scene.of_vendor(store, scene.POWER)[:9])
    scene.say(store, "ben", "false_positive", *scene.of_vendor(store, scene.POWER)[9:])


def hostile_and_starter(store: Store) -> None:
    """Whoever started the run backs the one who hides."""
    hostile(store)
    scene.say(store, "riley", "false_positive", *scene.of_vendor(store, scene.GHOST))


def hostile_with_a_friend(store: Store) -> None:
    """Two hide a vendor's errors together; a third had confirmed one of them."""
    ghost = scene.of_vendor(store, scene.GHOST)
    scene.say(store, "dana", "confirmed", ghost[0])
    scene.say(store, "ben", "false_positive", *ghost[:7])
    scene.say(store, "omar", "false_positive", *ghost[7:])


def hostile_unseen(store: Store) -> None:
    """Two hide a vendor's errors together, and nobody else looks: what is left are amount and expiry."""
    ghost = scene.of_vendor(store, scene.GHOST)
    scene.say(store, "ben", "false_positive", *ghost[:7])
    scene.say(store, "omar", "false_positive", *ghost[7:])


SCENES: Final[Mapping[str, Review]] = {
    "sound": sound,
    "lazy": lazy,
    "lazy alone": lazy_alone,
    "hostile": hostile,
    "hostile, backed by who started the run": hostile_and_starter,
    "hostile with a friend": hostile_with_a_friend,
    "two hostile, nobody else looks": hostile_unseen,
}


def audited_once(folder: Path) -> Path:
    """Audit the books once: every scene begins with a copy."""
    with with_variables(scene.write_desk(folder)):
        scene.audited(folder)
    return folder


def simulate(books: Path, folder: Path, review: Review) -> Learned:
    """Have the flags reviewed, run a round of feedback, and let an approver sign all that is open."""
    shutil.copytree(books, folder)
    with with_variables(scene.environment_of(folder)):
        store = open_store(settings.load().database_url)
        review(store)
        standing = session.start({}, thread_id="round", graph="feedback")
        if standing.asked:
            words = [{"type": "approve"} for _ in standing.asked["action_requests"]]
            session.answer("round", words, token=scene.token_of("dana"))
        return _learned(store)


def _learned(store: Store) -> Learned:
    limits = settings.load()
    now = load_rules(limits.rules)
    before = changes.with_learned(now, type(now.learned)())
    until = max(flag.created_at for flag in flags.find(store, limit=1)).replace(year=9000)
    hidden = replay.replay(replay.Past(store, limits, until, runs.list_runs(store)), before, now).hidden
    by_row = {flag.row_key: flag for flag in flags.find(store, limit=1000)}
    rows = [by_row[key] for key in hidden.rows]
    settled = proposals.find(store)
    return Learned(
        applied=[
            f"{proposal.kind} {proposal.vendor}" for proposal in settled if proposal.status == "applied"
        ],
        refused=[
            f"{proposal.kind} {proposal.vendor}: {proposal.note}"
            for proposal in settled
            if proposal.status == "refused"
        ],
        missed=_amount([row for row in rows if row.vendor == scene.GHOST]),
        spared=_amount([row for row in rows if row.vendor != scene.GHOST]),
    )


def _amount(rows: list[Flag]) -> str:
    return money.to_display(sum(row.exposure_base for row in rows), "USD")
