"""Sentences that ask for something to be done, explained or decided: what they need, or why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tools.checks.catalogue import NAMES, loaded
from tools.front_desk.marks import SentenceMarks
from tools.front_desk.period.calendar import DatePeriod
from tools.front_desk.understanding import Understanding, as_list
from tools.rules.test_header import BookTest

# An order of what is asked where several commands lead a sentence: what is graver is not overlooked.
_ORDER: Final = (
    "decide", "rollback", "change_suppress", "change_threshold", "draft_test", "review_change",
    "run_recovery", "run_programme", "run_incident", "run_feedback", "run_audit",
    "assess_controls", "explain", "help",
)  # fmt: skip
_COMMAND_WORDS: Final = 4  # "write a test for", and nothing after it
BY_HAND: Final = "Write it by hand: tieout change draft --sql FILE --cases FILE"
# What a figure did, of which the cause is looked for.
_MOVES: Final = frozenset(
    "drop fall rise increase decrease decline jump spike dip surge slump growth loss anstieg rueckgang"
    " einbruch zunahme abnahme sprung".split()
)
TAKEN_BACK: Final = (
    "a change goes back by whoever may decide, not from a sentence: tieout change rollback {change}."
)
HAND_OVER: Final = (
    "nothing is decided from a sentence: 'tieout approvals' and the page Approvals show what waits, with what"
    " each answer does."
)


def read(marks: SentenceMarks) -> Understanding:
    """Read a command. Words of which nothing was made stop it, as with figures."""
    named = marks.values("intents")
    intent = next(item for item in _ORDER if item in named)
    if intent in _READERS:
        return _READERS[intent](marks)
    if marks.negated:
        words = ", ".join(f"'{word}'" for word in marks.negated)
        return Understanding("refused", intent, why=f"{words}: nothing is started that may not be wanted.")
    stray = [*marks.unread, *(_unusable(marks) if intent.startswith("run_") else ())]
    if stray and intent != "run_incident":
        why = f"nothing is started while {', '.join(repr(word) for word in stray)} is not understood."
        return Understanding("unread", intent, unread=stray, why=why)
    if intent == "help" and (marks.has("nouns") or marks.has("phrases")):
        return Understanding("out_of_scope", why="this asks for nothing that the desk knows.")
    if marks.ties and intent != "run_incident":
        why = f"nothing is started for '{marks.ties[0][0]}' alone."
        return Understanding("unread", intent, unread=[words for words, _ in marks.ties], why=why)
    return Understanding("understood", intent, parameters=_parameters(marks), period=as_list(_period(marks)))


def _unusable(marks: SentenceMarks) -> list[str]:
    """Name what a start cannot take account of: "audit the invoices of X" audits all books."""
    kinds = ("nouns", "phrases", "qualifiers", "aggregates", "dimensions", "severities")
    places = sorted({place for kind in kinds for place, _ in marks.senses[kind]})
    limits = [str(amount) for amount in (marks.over, marks.under) if amount is not None]
    return [*(marks.phrase(place) for place in places), *(name.label for name in marks.names), *limits]


def _decide(marks: SentenceMarks) -> Understanding:
    return Understanding("refused", "decide", why=HAND_OVER, parameters=dict(marks.ids))


def _draft_test(marks: SentenceMarks) -> Understanding:
    """Hand the sentence to a model as it stands: what is wanted of a test is in its own words."""
    if len(marks.sentence.words) <= _COMMAND_WORDS:
        return Understanding("refused", "draft_test", why="say what the test is to look for.")
    parameters = {"kind": "test", "sentence": marks.sentence.text}
    return Understanding("understood", "draft_test", parameters=parameters)


def _rollback(marks: SentenceMarks) -> Understanding:
    change = marks.ids.get("proposal", "CHANGE")
    why = TAKEN_BACK.format(change=change)
    return Understanding("refused", "rollback", why=why, parameters=dict(marks.ids))


def _parameters(marks: SentenceMarks) -> dict[str, str]:
    return {**marks.ids, "sentence": marks.sentence.text}


def _period(marks: SentenceMarks) -> DatePeriod | None:
    return marks.periods[0] if marks.periods else None


def _explain(marks: SentenceMarks) -> Understanding:
    """Explain a flag or case that is stored; what moved a figure is the incident desk's."""
    subject = marks.ids.get("flag") or marks.ids.get("case")
    if marks.negated:
        return Understanding("refused", "explain", why="ask why something is there, not why it is not.")
    if subject:
        return Understanding("understood", "explain", parameters=dict(marks.ids))
    names = [name for name in marks.names if name.kind in ("vendor", "person")]
    unread = [word for word in marks.unread if word not in _MOVES]
    if unread or marks.ties:
        stray = unread or [words for words, _ in marks.ties]
        return Understanding(
            "unread", "explain", unread=stray, why=f"nothing is called {', '.join(map(repr, stray))}."
        )
    if len(names) == 1 and "flag" in marks.values("nouns"):
        details = {"vendor": names[0].label} if names[0].kind == "vendor" else {"person": names[0].label}
        return Understanding("understood", "explain", parameters=details)
    if marks.values("nouns") or marks.values("phrases"):
        return Understanding(
            "understood", "run_incident", parameters=_parameters(marks), period=as_list(_period(marks))
        )
    return Understanding(
        "out_of_scope", why="name a flag, a case or a vendor whose flags are to be explained."
    )


def _suppress(marks: SentenceMarks) -> Understanding:
    vendors = [name for name in marks.names if name.kind == "vendor"]
    tests = [name for name in marks.names if name.kind == "test"]
    if marks.unread:
        return _stray(marks, "change_suppress")
    if len(vendors) != 1 or len(tests) != 1 or marks.ties:
        why = "name one vendor and one test: suppress duplicate_payment for NAME up to 500 until 2026-03-31."
        return Understanding("refused", "change_suppress", why=why)
    return Understanding(
        "understood",
        "change_suppress",
        parameters={
            "kind": "suppress",
            "vendor": vendors[0].label,
            "test": tests[0].keys[0],
            **_reach(marks),
            "sentence": marks.sentence.text,
        },
        entities=[["vendor", vendors[0].label], ["test", tests[0].label]],
    )


def _threshold(marks: SentenceMarks) -> Understanding:
    tests = [name for name in marks.names if name.kind == "test"]
    if len(tests) != 1:
        why = "name one test, its parameter and the value: set sigma of amount_outside_sigma to 4."
        return Understanding("refused", "change_threshold", why=why)
    test = next(item for check in NAMES for item in loaded(check) if item.name == tests[0].keys[0])
    values = _values(marks, test)
    if isinstance(values, str):
        return Understanding("refused", "change_threshold", why=values)
    details = {f"parameter:{name}": value for name, value in values.items()}
    return Understanding(
        "understood",
        "change_threshold",
        parameters={
            "kind": "threshold",
            "test": test.name,
            **details,
            **_reach(marks),
            "sentence": marks.sentence.text,
        },
        entities=[["test", tests[0].label]],
    )


def _values(marks: SentenceMarks, test: BookTest) -> Mapping[str, str] | str:
    """Read which parameter gets which value: a number, and its name unless the test has but one."""
    numbers = [word for word in marks.unread if word.replace(".", "", 1).isdigit()]
    parameters = [
        name
        for name, value in test.params.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    words = [word for word in marks.sentence.words if word in parameters]
    stray = [word for word in marks.unread if word not in numbers and word not in parameters]
    if stray:
        return f"nothing is called {', '.join(map(repr, stray))}."
    chosen = words or (parameters if len(parameters) == 1 else [])
    if len(chosen) != 1 or len(numbers) != 1:
        return f"name one parameter of {test.name} ({', '.join(parameters) or 'it has none'}) and one value."
    return {chosen[0]: numbers[0]}


def _reach(marks: SentenceMarks) -> dict[str, str]:
    """Read up to which amount and until which day a change is wanted."""
    until = [period.end for period in marks.periods if period.end]
    return {
        **({"most": str(marks.under)} if marks.under is not None else {}),
        **({"until": until[0].isoformat()} if until else {}),
    }


def _stray(marks: SentenceMarks, intent: str) -> Understanding:
    why = f"nothing is called {', '.join(map(repr, marks.unread))}."
    return Understanding("unread", intent, unread=marks.unread, why=why)


_READERS: Final[Mapping[str, Callable[[SentenceMarks], Understanding]]] = {
    "decide": _decide,
    "draft_test": _draft_test,
    "rollback": _rollback,
    "explain": _explain,
    "change_suppress": _suppress,
    "change_threshold": _threshold,
}
