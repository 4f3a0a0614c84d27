"""The text of a letter: a template by kind, level and language, filled from the claim alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tools.core import money, package_yaml

LANGUAGES: Final = ("en", "de")
_LEVELS: Final = 3  # texts there are; later letters take the last
_MOST_NAMED: Final = 3  # documents that a subject names


@dataclass(frozen=True)
class Facts:
    """What a letter says: of the claim, its items as they are open, the party, the sender."""

    claim_id: str
    kind: str
    role: str
    language: str
    level: int
    open_minor: int
    currency: str
    items: Sequence[Mapping[str, Any]]
    person: str
    entity: str
    address: str
    last_sent: date | None
    pay_by: date | None
    preferences: str = ""
    settles: Sequence[str] = ()  # roles of items, in the order in which money settles them


@dataclass(frozen=True)
class Text:
    """A letter's subject and body."""

    subject: str
    body: str


def write(facts: Facts) -> Text:
    """Fill the templates. Every figure is the claim's; a slot without a value is an error of ours."""
    language = facts.language if facts.language in LANGUAGES else LANGUAGES[0]
    slots = _slots(facts, words(language))
    subject = _environment().get_template(f"{language}/subject.txt.j2").render(slots)
    template = "prospect" if facts.kind == "prospect" else "letter"
    body = _environment().get_template(f"{language}/{template}.txt.j2").render(slots)
    return Text(" ".join(subject.split()), body.strip() + "\n")


def _slots(facts: Facts, terms: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "kind": facts.kind,
        "level": min(facts.level, _LEVELS),
        "greeting": facts.person or terms["there"],
        "table": table(facts.items, facts.currency, terms),
        "total_label": terms["total"][facts.role],
        "open": money.to_display(facts.open_minor, facts.currency),
        "ask": terms["ask"][facts.role],
        "last_sent": facts.last_sent.isoformat() if facts.last_sent else "",
        "pay_by": facts.pay_by.isoformat() if facts.pay_by else "",
        "entity": facts.entity,
        "address": facts.address,
        "reference": facts.claim_id,
        "preferences": facts.preferences,
        "settles": _settles(facts, terms),
        "subject_words": terms["subjects"][facts.kind],
        "documents": "" if facts.kind == "prospect" else documents(facts.items),
    }


def _settles(facts: Facts, terms: Mapping[str, Any]) -> str:
    """Say what money settles first; "" for a letter that asks for no fee and no interest."""
    if not any(item["role"] in ("cost", "interest") for item in facts.items):
        return ""
    return str(terms["then"]).join(terms["settles"][role] for role in facts.settles)


def documents(items: Sequence[Mapping[str, Any]]) -> str:
    """Name the documents that are owed: the first ones, and how many more."""
    names = list(dict.fromkeys(str(item["document"]) for item in items if item["role"] == "owed"))
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" +{more}" if more > 0 else "")


def table(items: Sequence[Mapping[str, Any]], currency: str, terms: Mapping[str, Any]) -> str:
    """Lay the evidence out: a line for each posting, amounts to the right."""
    lines = [list(map(str, terms["heads"]))]
    lines += [
        [
            str(terms["roles"][item["role"]]),
            str(item["document"]),
            str(item["due_on"] or item["dated_on"] or ""),
            str(item["note"] or item["reference"] or ""),
            money.to_display(int(item["amount_minor"]), currency),
        ]
        for item in items
    ]
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(wide) if i == len(line) - 1 else cell.ljust(wide)
            for i, (cell, wide) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


@cache
def words(language: str) -> Mapping[str, Any]:
    """Give the words of a language."""
    terms: Mapping[str, Any] = package_yaml.of_package("tools.recovery.letters", "words")[language]
    return terms


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # Plain text: nothing is escaped, and nothing that the books say is ever a template.
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader("tools.recovery", "letters"),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
