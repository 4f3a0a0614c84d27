"""What a form decides: which subjects of which request, and the answer that the graph takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from starlette.datastructures import FormData

from desk import reviews
from desk.approvals import decide
from desk.approvals.decide import SubjectSelection, Word
from desk.approvals.reasons import OTHER
from desk.web.endpoints import ConflictError, text
from tools.approvals import requests
from tools.audit.ask import RULES
from tools.core import bounded_yaml, settings
from tools.core.bounded_yaml import YamlError
from tools.core.errors import UsageError
from tools.core.severity_levels import SEVERITIES, Risk
from tools.identity.people import Person
from tools.runs import run_files
from tools.store import Store, case_flags, flags, runs
from tools.store.models import ApprovalRequest, Review

WORDS: tuple[Word, ...] = get_args(Word)
NOTED_RISKS: Final[tuple[Risk, ...]] = ("HIGH", "CRITICAL")
"""What is above clearly trivial is HIGH at least (judgement.severity.risk)."""
_AGAIN = "Load the page again."


@dataclass(frozen=True)
class DecisionForm:
    """One form: a word on a subject, on one case of those asked together, on one flag, or a threshold."""

    request_id: str
    word: Word
    subject: str
    case: str
    flag: str
    severity: str | None
    rules: Mapping[str, Any] | None
    note: str
    why: str = ""
    outcome: Review | None = None  # what it turned out to be, where the form says so

    @property
    def verdict(self) -> str:
        """Give the word as it is recorded."""
        return "modify" if self.word == "edit" else self.word


@dataclass(frozen=True)
class PreparedAnswer:
    """What to tell a thread; no answers where this person has said the same already."""

    thread_id: str
    answers: list[dict[str, Any]]


def read(request_id: str, form: FormData) -> DecisionForm:
    """Read a form. Raises UsageError for one that says nothing, or half of it."""
    word = next((known_word for known_word in WORDS if known_word == text(form, "word")), None)
    if word is None:
        raise UsageError("choose what you decide.")
    key, severity = text(form, "key", 200), text(form, "severity")
    if word == "edit" and not key and severity not in SEVERITIES:
        raise UsageError("to change the severity, choose which.")
    why = text(form, "why", 200)
    if word == "reject" and "why" in form and not why:
        raise UsageError("to dismiss it, choose why.")
    flag = text(form, "flag", 200) if text(form, "scope") == "flag" else ""
    rules = {key: _value(text(form, "value", 200))} if key else None
    case, subject = text(form, "case", 200), text(form, "subject", 500)
    note = ": ".join(filter(None, (why if word == "reject" else "", text(form, "note"))))
    outcome = next((verdict for verdict in reviews.VERDICTS if verdict == text(form, "outcome")), None)
    return DecisionForm(request_id, word, subject, case, flag, severity or None, rules, note, why, outcome)


def answer(store: Store, decision: DecisionForm, person: Person) -> PreparedAnswer:
    """Work out what to answer: sent twice it counts once, and whoever comes too late is told so."""
    request = requests.get(store, decision.request_id)
    _require_note(request, decision)
    run = runs.get(store, request.run_id)
    run_files.require(store, settings.load(), run.run_id)
    names = _names(store, request, decision)
    before = {
        vote.subject: vote.verdict
        for vote in requests.decisions(store, decision.request_id)
        if vote.by == person.user
    }
    if names and all(before.get(name) == decision.verdict for name in names):
        return PreparedAnswer(run.thread_id, [])
    if request.status != "open":
        raise ConflictError(f"this is settled already ({request.outcome}).", remedy=_AGAIN)
    opened = decide.with_votes(store, request)
    open_names = {RULES}
    for subject in opened.view["subjects"]:
        open_names |= {str(subject["subject"]), *subject.get("flag_ids", [])}
    waiting = [name for name in names if name in open_names]
    if not waiting:
        raise ConflictError("somebody else has settled this meanwhile.", remedy=_AGAIN)
    answers = []
    for name in waiting:
        decided = decide.decide(
            opened,
            person,
            decision.word,
            _selection(name, opened.view),
            severity_to=decision.severity,
            rules=decision.rules,
            note=decision.note,
        )
        answers += decided.answers
    return PreparedAnswer(run.thread_id, answers)


def _require_note(request: ApprovalRequest, decision: DecisionForm) -> None:
    """Raise UsageError for a form that dismisses what is above clearly trivial without a note."""
    if decision.word != "reject" or not decision.why or decision.note != decision.why:
        return
    subjects: list[dict[str, Any]] = request.payload.get("subjects", [])
    risk = next((subject["risk"] for subject in subjects if subject["subject"] == decision.subject), "")
    if risk in NOTED_RISKS or decision.why == OTHER:
        raise UsageError("to dismiss what is more than clearly trivial, add a note to the reason.")


def _names(store: Store, request: ApprovalRequest, decision: DecisionForm) -> list[str]:
    """Name the subjects that are meant, as the request and its decisions name them."""
    if decision.rules:
        return [RULES]
    units: Mapping[str, list[str]] = request.payload.get("units", {})
    mine = units.get(decision.subject, [])
    if decision.flag:
        if decision.flag not in mine or not _is_of_case(store, decision):
            raise UsageError("this flag is of another case than the form.", remedy=_AGAIN)
        return [decision.subject] if mine == [decision.flag] else [decision.flag]
    if not decision.case or decision.case == decision.subject:
        return [decision.subject]
    asked_about = set(mine)
    return [name for name in case_flags.runs_of_flags(store, decision.case) if name in asked_about]


def _is_of_case(store: Store, decision: DecisionForm) -> bool:
    """Say whether a form's flag is of the case that it was shown with: cases may be asked about together."""
    return not decision.case or flags.get(store, decision.flag).case_id in (None, decision.case)


def _selection(name: str, view: Mapping[str, Any]) -> SubjectSelection:
    if name == RULES:
        return SubjectSelection(rules=True)
    is_subject = any(subject["subject"] == name for subject in view["subjects"])
    return SubjectSelection(case=name) if is_subject else SubjectSelection(flag=name)


def _value(value_text: str) -> Any:  # noqa: ANN401 - any value of a rule
    try:
        return bounded_yaml.load(value_text)
    except YamlError:
        raise UsageError(f"'{value_text}' is no value of a rule.") from None
