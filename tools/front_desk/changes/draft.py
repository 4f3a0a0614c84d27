"""A change of the rules before it is one: the text of the rules file as it is, and as it would be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, Literal

from tools.checks.case_files import CheckCase, read_cases
from tools.checks.house_tests import parsed
from tools.checks.rules_file import rules_of
from tools.core import bounded_yaml
from tools.core.bounded_yaml import YamlError
from tools.core.errors import RulesError, UsageError
from tools.feedback import changes, rulesfile
from tools.front_desk.changes import yaml_text
from tools.front_desk.changes.yaml_text import with_value
from tools.rules.learned import Suppression, Threshold
from tools.rules.model import Rules
from tools.rules.test_header import Parameter

Kind = Literal["suppression", "threshold", "setting", "test", "rules", "feedback"]
# What past runs can be judged by again: nothing else can be gated.
REPLAYED: Final = frozenset({"tests", "severity", "suspects", "learned", "house_tests"})


@dataclass(frozen=True)
class RuleDraft:
    """One change. test, vendor: whom it is about, where it is about one. cases: YAML, of a new test."""

    kind: Kind
    title: str
    before: str
    after: str
    test: str = ""
    vendor: str = ""
    cases: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)

    def rules_before(self, path: Path) -> Rules:
        """Give the rules as they are."""
        return rules_of(self.before, path)

    def rules_after(self, path: Path) -> Rules:
        """Give the rules as they would be."""
        return rules_of(self.after, path)

    def own_cases(self) -> list[CheckCase]:
        """Give the cases that came with a new test."""
        return read_cases("anomaly", self.test, _case_entries(self.cases)) if self.cases else []


def setting(text: str, path: Path, assignment: str) -> RuleDraft:
    """Draft one key of the rules: "tests.weekend_posting.score=30"."""
    key, equals, value = (part.strip() for part in assignment.partition("="))
    if not equals or not key:
        raise UsageError(f"'{assignment}' sets nothing.", remedy="Write KEY=VALUE, as tests.split.days=5.")
    keys = key.split(".")
    try:
        after = with_value(text, keys, bounded_yaml.load(value))
    except YamlError as error:
        raise UsageError(f"'{value}' is no value: {error.reason}.", place=key, remedy=error.remedy) from None
    test = keys[1] if keys[0] == "tests" and len(keys) > 1 else ""
    return checked(RuleDraft("setting", f"{key} = {value}", text, after, test=test), path)


def suppression(text: str, path: Path, *, vendor: str, test: str, most: str, until: str) -> RuleDraft:
    """Draft that WARNINGs of a vendor by a test become INFO, up to an amount and until a day."""
    entry = Suppression(vendor=vendor, test=test, most=_amount(most), expires=_day(until))
    title = f"{test}: WARNINGs of {vendor} become INFO, up to {entry.most:,.2f}, until {entry.expires}"
    after = _learned(text, path, test, vendor, entry)
    return checked(RuleDraft("suppression", title, text, after, test=test, vendor=vendor), path)


def threshold(
    text: str, path: Path, *, test: str, parameters: Mapping[str, Parameter], most: str, until: str
) -> RuleDraft:
    """Draft other parameters of a test for rows up to an amount and until a day."""
    entry = Threshold(test=test, parameters=dict(parameters), most=_amount(most), expires=_day(until))
    named = ", ".join(f"{name} = {value}" for name, value in parameters.items())
    title = f"{test}: {named}, up to {entry.most:,.2f}, until {entry.expires}"
    return checked(
        RuleDraft("threshold", title, text, _learned(text, path, test, "", entry), test=test), path
    )


def house_test(text: str, path: Path, sql: str, cases: str) -> RuleDraft:
    """Draft a test of the books of the house's own: SQL with a header, and the cases that it is held to."""
    name = name_in(sql)
    test = parsed(name, sql)
    draft = RuleDraft(
        "test", f"{test.name}: {test.title}", text, with_value(text, ["house_tests", name], sql),
        test=test.name, cases=cases,
    )  # fmt: skip
    draft.own_cases()
    return checked(draft, path)


def name_in(sql: str) -> str:
    """Give the name that a test's header begins with."""
    return sql.lstrip().partition(":")[0].removeprefix("--").strip()


def edited(text: str, path: Path, after: str) -> RuleDraft:
    """Draft a rules file that was edited by hand."""
    return checked(RuleDraft("rules", "an edited rules file", text, after), path)


def from_dict(values: Mapping[str, Any]) -> RuleDraft:
    """Read a draft as it was written."""
    return RuleDraft(**values)


def of_words(request: Mapping[str, str], path: Path) -> RuleDraft:
    """Draft what a sentence asks for: kind, vendor, test, most, until and "parameter:NAME"."""
    text = rulesfile.read(path)
    reach = {"most": request.get("most", ""), "until": request.get("until", "")}
    if request.get("kind") == "suppress":
        return suppression(text, path, vendor=request["vendor"], test=request["test"], **reach)
    values = {
        name.removeprefix("parameter:"): bounded_yaml.load(value)
        for name, value in request.items()
        if name.startswith("parameter:")
    }
    if not reach["most"] and not reach["until"] and len(values) == 1:
        ((name, value),) = values.items()
        return setting(text, path, f"tests.{request['test']}.{name}={value}")
    return threshold(text, path, test=request["test"], parameters=values, **reach)


def taken_back(draft: RuleDraft, current: str) -> str:
    """Give the rules file's text without a change that is live."""
    return yaml_text.taken_back(draft.before, draft.after, current)


def checked(draft: RuleDraft, path: Path) -> RuleDraft:
    """Refuse a draft that changes nothing, is no rules file, or changes what no replay can show."""
    pair = (draft.rules_before(path), draft.rules_after(path))
    before, after = (rules.model_dump(mode="json") for rules in pair)
    sections = sorted(name for name in after if before[name] != after[name])
    if not sections:
        raise UsageError("this changes nothing: the rules say so already.", place=draft.title)
    if unseen := [name for name in sections if name not in REPLAYED]:
        raise RulesError(
            "what past runs cannot be judged by again passes no gate.",
            place=f"rules: {unseen[0]}",
            remedy="Change it in the rules file, with whoever answers for it.",
        )
    return draft


def _learned(text: str, path: Path, test: str, vendor: str, entry: Suppression | Threshold) -> str:
    learned = rules_of(text, path).learned
    kind: changes.Kind = "suppress" if isinstance(entry, Suppression) else "loosen"
    change = changes.Change(kind, test, vendor, entry, changes.change_in_force(learned, kind, vendor, test))
    return rulesfile.with_learned(text, change.applied(learned))


def _case_entries(text: str) -> list[dict[str, Any]]:
    try:
        entries = bounded_yaml.load(text)
    except YamlError as error:
        raise UsageError(f"{error.reason}.", place=error.at("cases"), remedy=error.remedy) from None
    if not isinstance(entries, list) or not all(
        isinstance(entry, dict) and "case" in entry for entry in entries
    ):
        raise UsageError(
            "it is no list of cases.",
            place="cases",
            remedy="Write '- case: words', with txn: and finds: below.",
        )
    return entries


def _amount(text: str) -> Decimal:
    if not text.strip():
        raise UsageError(
            "it does not say up to which amount.", place="most", remedy="Give one: --most 500.00."
        )
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount <= 0:
        raise UsageError(f"'{text}' is no amount above zero.", place="most", remedy="Write it as 500.00.")
    return amount


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"'{text}' is no day.", place="until", remedy="Write it as 2026-03-31.") from None
