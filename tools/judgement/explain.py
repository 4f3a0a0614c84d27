"""Say in an auditor's words what was found, against what, what was looked for, and what would tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from tools import booktest, money
from tools.errors import TestHeaderError
from tools.judgement import families
from tools.judgement.severity import Verdict

_MINOR = re.compile(r"(-?\d+) minor units")
# Documents that speak of the vendor or the day, not of the row.
ASIDE = ("names the vendor", "in the person's calendar")
NOUNS = {"card": "card charge", "bank": "bank line", "ledger": "ledger line"}
COPIED = (
    "the feed delivered the row twice, and the money left once.",
    "Look at the bank's own statement: it holds the amount once or twice.",
)


def note(
    row: Mapping[str, Any],
    tests: Sequence[Mapping[str, Any]],
    hits: Sequence[Mapping[str, Any]],
    missing: Sequence[str],
) -> str:
    """Write a flag's explanation from the template; money as text, never a float.

    row: of suspect. tests: its findings, the lead first. hits: its evidence. missing: what was not found.
    """
    family = families.named(row["family"])
    copied = family.name == "duplicate" and row["lead_check"] == "quality"
    innocent, told_by = COPIED if copied else (family.innocent, family.told_by)
    aside = [hit for hit in hits if hit["kind"] in {"email", "calendar"} and hit["why"] in ASIDE]
    text = _template().render(
        row=row,
        noun=NOUNS.get(row["kind"], row["kind"]),
        title=_title(tests[0]),
        amount=_shown(row["amount_minor"], row["currency"]),
        difference=_shown(row["difference_minor"], row["currency"]),
        lead=tests[0],
        others=tests[1:],
        found=[hit for hit in hits if hit["kind"] != "vendor" and hit not in aside],
        profile=[hit["excerpt"] for hit in hits if hit["kind"] == "vendor"],
        aside=_counted(aside),
        aside_ids=", ".join(hit["doc_id"] for hit in aside),
        missing=missing,
        family=family,
        innocent=innocent,
        told_by=told_by,
    )
    text = in_money(text, row["currency"])
    return "\n".join(line for line in (" ".join(part.split()) for part in text.splitlines()) if line)


def in_money(text: str, currency: str) -> str:
    """Write "1234 minor units" in a test's words as money."""
    return _MINOR.sub(lambda found: _shown(int(found[1]), currency), text)


def not_found(
    row: Mapping[str, Any], hits: Sequence[Mapping[str, Any]], declared: Iterable[str], said: Verdict
) -> list[str]:
    """Name what was looked for and not found; a source that these books lack was not looked for."""
    kinds = {hit["kind"] for hit in hits}
    have = set(declared)
    missing = []
    if row["no_receipt"] and "receipt" in kinds:
        missing.append("receipt of its own (the one found belongs to another row)")
    elif row["no_receipt"] or ("receipt" in have and row["kind"] == "card" and "receipt" not in kinds):
        missing.append("receipt")
    if any(step.what == "no approval" for step in said.steps) and "approval" not in kinds:
        missing.append("approval")
    if "email" in have and "email" not in kinds:
        missing.append("e-mail that names it")
    if "calendar" in have and row["person_id"] and "calendar" not in kinds:
        missing.append("calendar entry around the day")
    return missing


def _title(lead: Mapping[str, Any]) -> str:
    """Say what a test finds, in its header's own words."""
    try:
        return booktest.load(lead["check"], lead["test"]).title
    except TestHeaderError:  # a test that this version no longer has
        return str(lead["test"]).replace("_", " ")


def _counted(hits: Sequence[Mapping[str, Any]]) -> str:
    counts = Counter("e-mail" if hit["kind"] == "email" else "calendar entry" for hit in hits)
    plural = {"e-mail": "e-mails", "calendar entry": "calendar entries"}
    return " and ".join(f"{n} {kind if n == 1 else plural[kind]}" for kind, n in sorted(counts.items()))


def _shown(minor: int | None, currency: str) -> str:
    return "no amount" if minor is None else money.to_display(minor, currency)


@cache
def _template() -> Template:
    text = (resources.files("tools.judgement") / "note.j2").read_text(encoding="utf-8")
    # Plain text, shown escaped by whoever puts it on a page.
    return Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True).from_string(text)  # noqa: S701
