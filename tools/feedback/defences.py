"""What speaks against a change: it is refused for any one of these, whoever wants it."""

from __future__ import annotations

from collections.abc import Callable

from tools.core import money
from tools.feedback import reviews, wilson
from tools.feedback.case import ChangeCase
from tools.feedback.replay import Sum
from tools.judgement import test_families

Defence = Callable[[ChangeCase], str]


def refusals(case: ChangeCase) -> list[str]:
    """Give every reason for which a change may not be applied; none lets a person decide."""
    defences = TO_TIGHTEN if case.change.kind == "tighten" else TO_HIDE
    return [reason for defence in defences if (reason := defence(case))]


def unsure(case: ChangeCase) -> str:
    """Refuse a share whose Wilson bound does not pass the limit, too."""
    group = case.group
    low, _ = wilson.bounds(group.false, group.n, case.rules.feedback.z)
    if low > group.limit:
        return ""
    count = f"{group.false} of {group.n} is too few to be sure"
    return f"{count}: the bound is {low:.1%}, not over {group.limit:.0%}"


def noisy(case: ChangeCase) -> str:
    """Refuse to tighten a test that may be wrong more often than not."""
    group = case.group
    _, high = wilson.bounds(group.false, group.n, case.rules.feedback.z)
    limit = case.rules.feedback.loosen_over
    return "" if high < limit else f"of {group.n} up to {high:.1%} may be false, not under {limit:.0%}"


def one_voice(case: ChangeCase) -> str:
    """Refuse one person's word."""
    callers = [by for by, words in case.group.reviewers().items() if words.get("false_positive")]
    least = case.rules.feedback.least_reviewers
    if len(callers) >= least:
        return ""
    return f"{' and '.join(callers) or 'nobody'} alone called them false; {least} people have to"


def leans_on_one(case: ChangeCase) -> str:
    """Refuse what the others do not say without any one reviewer."""
    for reviewer in case.group.reviewers():
        words = [word for flag in case.group.flags if (word := flag.without(reviewer))]
        false = sum(word == "false_positive" for word in words)
        if len(words) < case.rules.feedback.least_others:
            return f"without {reviewer} only {len(words)} were reviewed"
        if false / len(words) <= case.group.limit:
            return f"without {reviewer} {false} of {len(words)} are false, not over {case.group.limit:.0%}"
    return ""


def disputed(case: ChangeCase) -> str:
    """Refuse while reviewers contradict each other."""
    count = sum(flag.disputed for flag in case.group.flags)
    if count / case.group.n <= case.rules.feedback.most_disputed:
        return ""
    return f"reviewers disagree on {count} of {case.group.n}"


def untouchable(case: ChangeCase) -> str:
    """Refuse to suppress some families of tests, whatever reviewers say."""
    if case.change.kind != "suppress":
        return ""
    family = _family(case.change.test)
    return f"tests of {family} are never suppressed" if family in case.rules.feedback.never else ""


def once_confirmed(case: ChangeCase) -> str:
    """Refuse to suppress a vendor of whom this test has found something true."""
    if case.change.kind != "suppress":
        return ""
    flags = reviews.confirmed(case.past.store, case.change.vendor, case.change.test, case.past.until)
    return f"{len(flags)} of this vendor's flags were confirmed: {flags[0].flag_id}" if flags else ""


def nothing_kept(case: ChangeCase) -> str:
    """Refuse what cannot be replayed."""
    return "" if case.replayed.runs else "no past run is kept that it could be replayed on"


def no_effect(case: ChangeCase) -> str:
    """Refuse a change that would have hidden nothing: it is not worth its risk."""
    replay = case.replayed
    return "" if replay.hidden.flags or not replay.runs else "replayed, it would have changed nothing"


def misses(case: ChangeCase) -> str:
    """Refuse a change that would have hidden what people confirmed."""
    missed = case.replayed.missed
    return f"it would have hidden {missed.flags} confirmed flags, {_worded(missed)}" if missed.flags else ""


def unseen(case: ChangeCase) -> str:
    """Refuse to hide much that nobody has looked at."""
    most, total = case.rules.feedback.most_unseen, case.replayed.unseen
    over = any(money.to_decimal(minor, currency) > most for currency, minor in total.minor.items())
    if not over:
        return ""
    return (
        f"it would have hidden {total.flags} flags that nobody reviewed, {_worded(total)}, over {most:,.2f}"
    )


TO_HIDE: tuple[Defence, ...] = (
    unsure,
    one_voice,
    leans_on_one,
    disputed,
    untouchable,
    once_confirmed,
    nothing_kept,
    no_effect,
    misses,
    unseen,
)
TO_TIGHTEN: tuple[Defence, ...] = (noisy, nothing_kept)


def _family(test: str) -> str:
    for check in test_families.ANY:
        family = test_families.family_of(check, test).name
        if family not in {"anomaly", "break", "bad_record"}:
            return family
    return ""


def _worded(total: Sum) -> str:
    return ", ".join(money.to_display(minor, currency) for currency, minor in total.minor.items())
