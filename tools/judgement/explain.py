"""Say in an auditor's words what was found, against what, what was looked for, and what would tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from tools import money
from tools.judgement import families
from tools.judgement.severity import Verdict

_MINOR = re.compile(r"(-?\d+) minor units")
COPIED = (
    "the feed delivered the row twice, and the money left once.",
    "Look at the bank's own statement: it holds the amount once or twice.",
)


def note(
    row: Mapping[str, Any],
    tests: Sequence[Mapping[str, Any]],
    hits: Sequence[Mapping[str, Any]],
    missing: Sequence[str],
    said: Verdict,
) -> str:
    """Write a flag's explanation from the template; money as text, never a float."""
    family = families.named(row["family"])
    copied = family.name == "duplicate" and row["lead_check"] == "quality"
    text = _template().render(
        row=row,
        amount=_shown(row["amount_minor"], row["currency"]),
        exposure=_shown(row["exposure_minor"], row["currency"]),
        difference=_shown(row["difference_minor"], row["currency"]),
        lead=tests[0],
        others=tests[1:],
        found=[hit for hit in hits if hit["kind"] != "vendor"],
        profile=[hit["excerpt"] for hit in hits if hit["kind"] == "vendor"],
        missing=missing,
        family=family,
        innocent=COPIED[0] if copied else family.innocent,
        told_by=COPIED[1] if copied else family.told_by,
        said=said,
    )
    text = _MINOR.sub(lambda found: _shown(int(found[1]), row["currency"]), text)
    return "\n".join(line for line in (" ".join(part.split()) for part in text.splitlines()) if line)


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


def _shown(minor: int | None, currency: str) -> str:
    return "no amount" if minor is None else money.to_display(minor, currency)


@cache
def _template() -> Template:
    text = (resources.files("tools.judgement") / "note.j2").read_text(encoding="utf-8")
    # Plain text, shown escaped by whoever puts it on a page.
    return Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True).from_string(text)  # noqa: S701
