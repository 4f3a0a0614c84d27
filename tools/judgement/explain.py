"""Say in an auditor's words what was found, against what, what was looked for, and what would tell."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

from jinja2 import Environment, StrictUndefined, Template

from tools.books.evidence_kinds import CLOSE_IN_MEANING
from tools.core import formatting
from tools.core.errors import TestHeaderError
from tools.core.formatting import in_money
from tools.judgement import innocent_readings, test_families
from tools.judgement.parties import party
from tools.judgement.severity import SeverityVerdict
from tools.judgement.unexplained import lacking
from tools.rules import test_header

__all__ = ["ASIDE", "in_money", "not_found", "note"]
# Documents that speak of the vendor or the day, not of the row.
ASIDE: Final = ("names the vendor", "in the person's calendar")
WEAK: Final = 20  # a finding below this score is counted, not told
_NO_ROWS: Final = ("line", "source", "table")  # what nobody writes letters about
_SEARCHED: Final = {"email": "e-mail", "calendar": "calendar entry", "document": "document"}
_LINKS: Final = {"names it": "it names this row", "in the person's calendar": "of the same days"}


def note(
    row: Mapping[str, Any],
    tests: Sequence[Mapping[str, Any]],
    hits: Sequence[Mapping[str, Any]],
    missing: Sequence[str],
    people: Mapping[str, str] = MappingProxyType({}),
    *,
    kinds: Collection[str] = (),
    crowd: str = "",
) -> str:
    """Write a flag's explanation from the template; money as text, never a float.

    row: of suspect. tests: its findings, the lead first. hits: its evidence. missing: what was not found.
    people: person_id -> name. kinds: of the sources that these books have.
    crowd: what calms the test, where it flagged beyond its share.
    """
    family, currency = test_families.by_name(row["family"]), row["currency"]
    innocent, told_by = innocent_readings.of(tests[0]["test"], row["family"])
    aside = [hit for hit in hits if hit["kind"] in _SEARCHED and hit["why"] in ASIDE]
    further = [test for test in tests[1:] if test["score"] >= WEAK]
    text = _template().render(
        row={**row, "why_not": _clean(row["why_not"], currency)},
        what=row_words(row),
        partner=_beside(row.get("partner_row")),
        nearest=_beside(row.get("nearest_row")),
        way=_way(row),
        title=_title(tests[0]),
        difference=formatting.amount_text(abs(row["difference_minor"] or 0), currency),
        lacks=lacking(row, kinds),
        crowd=crowd,
        reason=_reason(row["break_reason"]),
        lead=_test_words(tests[0], currency),
        others=[_test_words(test, currency) for test in further],
        weaker=_weaker(len(tests) - 1 - len(further)),
        found=[_hit_words(hit, people) for hit in hits if hit["kind"] != "vendor" and hit not in aside],
        profile=[formatting.in_days(hit["excerpt"]) for hit in hits if hit["kind"] == "vendor"],
        aside=_hit_counts(aside),
        aside_ids=", ".join(hit["doc_id"] for hit in aside),
        missing=[_with_article(name) for name in missing],
        family=family,
        innocent=innocent,
        told_by=told_by,
    )
    return "\n".join(line for line in (" ".join(part.split()) for part in text.splitlines()) if line)


def row_words(row: Mapping[str, Any]) -> str:
    """Say which row it is; of a bank line without a vendor its text says whom."""
    whom = party(row) if row["kind"] == "bank" else row["vendor_name"]
    return formatting.row_name({**row, "vendor_name": whom})


def _beside(facts: str | None) -> str:
    """Say of the row that another was held against which one it is; "" for none."""
    if not facts:
        return ""
    row = json.loads(facts)
    words = row_words({**row, "posted_on": row["posted_on"] and date.fromisoformat(row["posted_on"][:10])})
    return f"{words[0].lower()}{words[1:]}"


def _way(row: Mapping[str, Any]) -> str:
    """Say whether a row's amount is more or less than that of the row nearest to it, whatever their signs."""
    near = json.loads(row.get("nearest_row") or "{}").get("amount_minor") or 0
    return "more" if abs(row["amount_minor"] or 0) > abs(near) else "less"


def not_found(
    row: Mapping[str, Any],
    hits: Sequence[Mapping[str, Any]],
    declared: Iterable[str],
    judged: SeverityVerdict,
) -> list[str]:
    """Name what was looked for and not found; a source that these books lack was not looked for."""
    kinds = {hit["kind"] for hit in hits if hit["why"] != CLOSE_IN_MEANING}
    have = set(declared) if row["kind"] not in _NO_ROWS else set()
    missing = []
    if row["no_receipt"] and "receipt" in kinds:
        missing.append("receipt of its own (the one found belongs to another row)")
    elif row["no_receipt"] or ("receipt" in have and row["kind"] == "card" and "receipt" not in kinds):
        missing.append("receipt")
    if any(step.what == "no approval" for step in judged.steps) and "approval" not in kinds:
        missing.append("approval")
    if "email" in have and "email" not in kinds:
        missing.append("e-mail that names it")
    if "document" in have and "document" not in kinds:
        missing.append("document that names it")
    if "calendar" in have and row["person_id"] and "calendar" not in kinds:
        missing.append("calendar entry around the day")
    return missing


def _test_words(test: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Give what a test saw in a reader's words."""
    threshold = _clean(test["threshold"], currency)
    return {
        "test": test["test"],
        "title": _title(test),
        "observed": _clean(test["observed"], currency, ours=False) or "an empty field",
        "threshold": threshold.removesuffix(" expected"),
        "population": _clean(test["population"], currency),
    }


def _clean(text: str | None, currency: str, *, ours: bool = True) -> str:
    """Write a test's words with money and days; `ours`: they hold names of ours, and nothing as written."""
    text_in_days = formatting.in_days(in_money(text or "", currency)).rstrip(".")
    return formatting.plain(text_in_days) if ours else formatting.smooth(text_in_days)


def _title(test: Mapping[str, Any]) -> str:
    """Say what a test finds, in its header's own words."""
    try:
        return test_header.load(test["check"], test["test"]).title
    except TestHeaderError:  # a test that this version no longer has
        return str(test["test"]).replace("_", " ")


def _reason(reason: str | None) -> str:
    if not reason or reason in ("missing", "later_period"):
        return ""
    return f" ({reason.replace('_', ' ')})"


def _weaker(count: int) -> str:
    if not count:
        return ""
    if count == 1:
        return "1 weaker sign, which says little by itself"
    return f"{count} weaker signs, which say little by themselves"


def _hit_words(hit: Mapping[str, Any], people: Mapping[str, str]) -> str:
    """Say what a document is to the row; its words are quoted as they are."""
    if hit["kind"] == "approval":
        return _approval(hit, people)
    if hit["kind"] == "decision":
        return f"Decided before, on the same vendor and test: {hit['excerpt']} ({hit['doc_id']})."
    link = _LINKS.get(hit["why"], hit["why"])
    if hit["kind"] == "receipt":
        return f"Found: {formatting.in_days(hit['excerpt'])} ({link})."
    kind = _SEARCHED.get(hit["kind"], hit["kind"])
    dated = f" of {formatting.in_days(hit['at'])}" if hit["at"] else ""
    return f'Found: {kind} {hit["doc_id"]}{dated} ({link}): "{hit["excerpt"]}"'


def _approval(hit: Mapping[str, Any], people: Mapping[str, str]) -> str:
    name = people.get(hit["approver"])
    who = f"{name} ({hit['approver']})" if name else hit["approver"]
    why = formatting.in_days(hit["why"].rpartition("; ")[2])
    if hit["why"].startswith("in the books"):
        place, quoted = "in the books", "."
    else:
        at = f" on {formatting.in_days(hit['approved_at'])}" if hit["approved_at"] else ""
        place, quoted = f"in e-mail {hit['doc_id']}{at}", f': "{hit["excerpt"]}"'
    if hit["may_approve"] is False:
        return f"Not an approval, {place}: {who} {_link(why)}{quoted}"
    return f"Approval {place}: {who}, {why}{quoted}"


def _link(why: str) -> str:
    """Join a person and why their yes does not count."""
    if why.startswith("taken back"):
        return f"said yes, {why}"
    return f"is {why}" if why.startswith(("above", "within")) else why


def _with_article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _hit_counts(hits: Sequence[Mapping[str, Any]]) -> str:
    counts = Counter(_SEARCHED[hit["kind"]] for hit in hits)
    plural = {"calendar entry": "calendar entries"}
    parts = [f"{n} {kind if n == 1 else plural.get(kind, kind + 's')}" for kind, n in sorted(counts.items())]
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return listed and f"{listed} {'names' if len(hits) == 1 else 'name'} only"


@cache
def _template() -> Template:
    text = (resources.files("tools.judgement") / "note.j2").read_text(encoding="utf-8")
    # Plain text, shown escaped by whoever puts it on a page.
    return Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True).from_string(text)  # noqa: S701 - plain text, not HTML
