"""What a flag turned out to be, in a signed-in reviewer's words: one flag, several, or a whole case.

The same function stands under `tieout review`, the pages and `desk.api`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from tools.core.errors import IdentityError, UsageError
from tools.identity import roles
from tools.identity.people import Person
from tools.store import Store, cases, flags
from tools.store.models import Flag, Review

VERDICTS: tuple[Review, ...] = get_args(Review)
MOST_OF_A_CASE = 100_000


@dataclass(frozen=True)
class ReviewTarget:
    """What was meant: flags by the beginning of their ids, or one case; exactly one of the two."""

    flags: Sequence[str] = ()
    case: str | None = None


def review(store: Store, person: Person, subject: ReviewTarget, verdict: str, note: str = "") -> list[Flag]:
    """Record a review and give the flags as they are now; all of them or none.

    Every review stays in the flags' history, and on the trail; the last one counts.
    Raises IdentityError for who may not review, UsageError for a verdict that there is not, RunError
    for a flag or case that there is not.
    """
    refuse_without_right_to_review(person)
    if verdict not in VERDICTS:
        raise UsageError(f"'{verdict}' is no review.", remedy=f"It is one of {', '.join(VERDICTS)}.")
    if bool(subject.flags) == (subject.case is not None):
        raise UsageError("name flags, or one case.", remedy="tieout review FLAG, or --case CASE.")
    with store.begin():
        return flags.review_all(store, _ids(store, subject), verdict, by=person.user, note=note.strip())


def refuse_without_right_to_review(person: Person) -> None:
    """Refuse whoever may not review, with the reason."""
    if not person.signed_in:
        raise IdentityError(
            "only a person who is signed in may review.", remedy="Set TIEOUT_TOKEN, or give --token-file."
        )
    if not person.may("review"):
        raise IdentityError(
            f"{person.user} may not review.", remedy=f"It takes one of: {roles.holders('review')}."
        )


def _ids(store: Store, subject: ReviewTarget) -> list[str]:
    if subject.case is None:
        return list(dict.fromkeys(flags.get(store, name).flag_id for name in subject.flags))
    case = cases.find(store, subject.case)
    flags_of_case = flags.find(store, case_id=case.case_id, limit=MOST_OF_A_CASE)
    flag_ids = [flag.flag_id for flag in flags_of_case if flag.status != "withdrawn"]
    if not flag_ids:
        raise UsageError(f"case {case.case_id} has no flag.", remedy="'tieout cases' lists those that have.")
    return flag_ids
