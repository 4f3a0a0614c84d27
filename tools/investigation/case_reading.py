"""A case read without a model: three observers over lookups, hypotheses by what tests saw, nothing decided.

The audit's investigation and incidents of kind `books` share it. flags: as the store has them, with row_key,
 vendor, txn_id, posted_on, score, confidence, tests, documents, partner_key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tools.core.formatting import in_money
from tools.investigation import lookups
from tools.investigation.hypothesis import INNOCENT, NOT_ENOUGH, RankedHypothesis
from tools.investigation.lookups import AskError, Bench, LookupResult
from tools.investigation.observation import Observation, Quality
from tools.judgement import flag_facts, test_families

MOST_FLAGS: Final = 6
MOST_CAUSES: Final = 6
_FEW: Final = 4
_CEILING: Final = 0.95
_APPROVED: Final = 0.85  # of a test's weight, where somebody who may approve has done so
_READ_AGAIN: Final = 0.05  # what it adds that the other row that a test names was read again
Flag = Mapping[str, Any]


@dataclass(frozen=True)
class CaseObserver:
    """One view of a case, read without a model."""

    name: str
    read: Callable[[Sequence[Flag], Bench], list[Observation]]


def books(flags: Sequence[Flag], bench: Bench) -> list[Observation]:
    """See the gravest flags' rows, what tests saw of them, and rows that could be their other half."""
    observations = [
        item
        for number, flag in enumerate(flags, 1)
        for item in (_of_row(flag, number), *_of_tests(flag, number))
    ]
    for number, flag in enumerate(flags[:_FEW], 1):
        beside = lookups.Bench(bench.books, bench.store, bench.run_id, {"row": flag["row_key"]})
        arguments = {"row": "row", "most": 3}
        for place, row in enumerate(_lookup_results("find_candidates", arguments, beside), 1):
            observations.append(
                of_lookup(
                    f"P{number}.{place}",
                    "books",
                    row,
                    calls=_call("find_candidates", arguments, flag),
                    flag=flag,
                )
            )
    return observations


def documents(flags: Sequence[Flag], bench: Bench) -> list[Observation]:
    """See what people wrote of the flags: documents that were found for them, and others by their words."""
    observations = []
    for number, flag in enumerate(flags, 1):
        for place, paper in enumerate([item for item in flag["documents"] if item.get("found", True)][:3], 1):
            observations.append(
                _of_paper(f"F{number}.{paper.get('evidence_id') or f'E{place}'}", paper, flag)
            )
    words = " ".join(str(flags[0].get(name) or "") for name in ("vendor", "txn_id")).strip() if flags else ""
    if words:
        arguments = {"words": words[:200], "most": 3}
        for place, text in enumerate(_lookup_results("search_documents", arguments, bench), 1):
            observations.append(
                of_lookup(
                    f"D.{place}",
                    "documents",
                    text,
                    calls=_call("search_documents", arguments, flags[0]),
                    flag=flags[0],
                )
            )
    return observations


def history(flags: Sequence[Flag], bench: Bench) -> list[Observation]:
    """See how the vendor behaved before, and what people decided about flags like these."""
    if not flags:
        return []
    observations: list[Observation] = []
    vendor = str(flags[0].get("vendor") or "")
    lead = str(flags[0].get("lead_test") or "")
    asks = [("find_decisions", {"vendor": vendor[:120] or None, "test": lead[:120] or None, "most": 5})]
    asks += [("profile_vendor", {"vendor": vendor[:120]})] if vendor else []
    for name, arguments in asks:
        for row in _lookup_results(name, arguments, bench):
            observations.append(
                of_lookup(
                    f"H{len(observations) + 1}",
                    "history",
                    row,
                    calls=_call(name, arguments, flags[0]),
                    flag=flags[0],
                )
            )
    return observations


OBSERVERS: Final = tuple(CaseObserver(read.__name__, read) for read in (books, documents, history))


def hypotheses(observations: Sequence[Observation]) -> list[RankedHypothesis]:
    """Make a hypothesis of each thing that tests saw, an innocent one, and "not enough seen"."""
    saw = [item for item in observations if item.details.get("test")]
    approved = {item.node for item in observations if item.details.get("approves")}
    by_test: dict[str, list[Observation]] = {}
    for item in saw:
        by_test.setdefault(str(item.details["test"]), []).append(item)
    hypotheses = [_of_test(test, group, observations, approved) for test, group in by_test.items()]
    hypotheses.sort(key=lambda item: (-item.raw, item.cause))
    return [*hypotheses[:MOST_CAUSES], _innocent(observations, saw, approved), _not_enough(observations)]


def edges(observations: Sequence[Observation]) -> dict[str, list[str]]:
    """Give which rows depend on which: a flagged row on the other row that a test names beside it."""
    partners: dict[str, list[str]] = {}
    for item in observations:
        if partner := item.details.get("partner_key"):
            partners.setdefault(item.node, []).append(str(partner))
    return partners


def _of_row(flag: Flag, number: int) -> Observation:
    return Observation(
        f"F{number}.R", "books", "row", f"{flag_facts.row_text(flag)}.", node=flag["row_key"],
        scope=str(flag["vendor"] or flag["source"]),
        query={"engine": "row", "parameters": {"row": flag["row_key"]}}, details={"kind": "row"},
    )  # fmt: skip


def _of_tests(flag: Flag, number: int) -> Iterator[Observation]:
    for place, test in enumerate(sorted(flag["tests"], key=lambda item: -item["score"]), 1):
        saw = f"{str(test['test']).replace('_', ' ')}: {test['observed']}"
        expected = f", where {test['threshold']} was to be expected" if test.get("threshold") else ""
        yield Observation(
            f"F{number}.T{place}",
            "books",
            str(test["test"]),
            in_money(f"{flag['txn_id'] or flag['row_key']} - {saw}{expected}.", flag["currency"]),
            node=flag["row_key"],
            deviation=test["score"] / 10,
            first_seen=str(flag["posted_on"] or ""),
            scope=str(flag["vendor"] or flag["source"]),
            query={"engine": "test", "parameters": {"test": test["test"], "row": flag["row_key"]}},
            details={
                "test": test["test"], "family": test["family"], "score": test["score"],
                "partner_key": test.get("partner_key"), "check": test["check"],
            },
        )  # fmt: skip


def of_lookup(
    name: str, observer: str, row: LookupResult, *, calls: Sequence[Mapping[str, Any]], flag: Flag
) -> Observation:
    """Give what a lookup brought as an observation. calls: {lookup, asked}, any of which brought it."""
    details: dict[str, Any] = {"kind": row.kind, "key": row.key}
    if row.kind == "flag":
        details["reviewed"] = next((word for word in ("false_positive", "confirmed") if word in row.text), "")
    quality: Quality = "INDIRECT" if observer == "history" else "DIRECT"
    node = row.key if row.kind == "row" else flag["row_key"]
    query = {"engine": "lookup", "parameters": {"calls": [dict(call) for call in calls], "key": row.key}}
    return Observation(
        name, observer, row.kind, row.text, node=node, scope=str(flag["vendor"] or ""),
        quality=quality, query=query, details=details,
    )  # fmt: skip


def _call(lookup: str, arguments: Mapping[str, Any], flag: Flag) -> list[dict[str, Any]]:
    plain = {key: value for key, value in arguments.items() if value is not None}
    return [{"lookup": lookup, "asked": {**plain, **({"row": flag["row_key"]} if "row" in plain else {})}}]


def _of_paper(name: str, paper: Mapping[str, Any], flag: Flag) -> Observation:
    approves = bool(paper.get("may_approve"))
    text = paper.get("excerpt") or paper.get("why", "")
    text = f"{paper.get('kind', 'document')} {paper.get('doc_id', '')}: {text}"
    return Observation(
        name,
        "documents",
        str(paper.get("kind", "document")),
        text.strip(),
        node=flag["row_key"],
        first_seen=str(paper.get("at") or ""),
        scope=str(flag["vendor"] or ""),
        quality="DIRECT" if approves else "INDIRECT",
        query={
            "engine": "document",
            "parameters": {"document": paper.get("doc_id", ""), "row": flag["row_key"]},
        },
        details={"approves": approves, "document": paper.get("doc_id", "")},
    )


def _of_test(
    test: str, group: Sequence[Observation], observations: Sequence[Observation], approved: set[str]
) -> RankedHypothesis:
    """Put together what one test saw of several rows: the more rows and the higher the score, the surer."""
    left = 1.0
    for item in group:
        left *= 1 - min(0.9, float(item.details["score"]) / 100) * (
            _APPROVED if item.node in approved else 1.0
        )
    first = max(group, key=lambda item: (float(item.details["score"]), item.observation_id))
    family = test_families.by_name(str(first.details["family"]))
    partner = str(first.details.get("partner_key") or "")
    read_again = [item.observation_id for item in observations if item.node == partner]
    against = [
        item.observation_id
        for item in observations
        if item.details.get("approves") and item.node in {it.node for it in group}
    ]
    return RankedHypothesis(
        f"C-{test}",
        test,
        first.node,
        first.text,
        sorted({"books", *(item.observer for item in observations if item.node == partner)}),
        round(min(_CEILING, 1 - left + _READ_AGAIN * bool(read_again)), 4),
        [*(item.observation_id for item in group[:_FEW]), *read_again],
        against,
        path=[partner, first.node] if partner else [],
        told_by=family.told_by,
        details={"family": family.name, "rows": len(group)},
    )


def _innocent(
    observations: Sequence[Observation], saw: Sequence[Observation], approved: set[str]
) -> RankedHypothesis:
    gravest = max(saw, key=lambda item: float(item.details["score"]), default=None)
    family = test_families.by_name(str(gravest.details["family"])) if gravest else None
    cleared = [item for item in observations if item.details.get("reviewed") == "false_positive"]
    confirmed = [item for item in observations if item.details.get("reviewed") == "confirmed"]
    rows = {item.node for item in saw}
    share = len(approved & rows) / len(rows) if rows else 0.0
    raw = 0.1 + 0.3 * share + 0.1 * min(3, len(cleared)) - 0.05 * min(2, len(confirmed))
    text = family.innocent if family else "nothing is wrong."
    papers = [item.observation_id for item in observations if item.details.get("approves")]
    return RankedHypothesis(
        "I1", INNOCENT, "", text[:1].upper() + text[1:], ["desk"], round(max(0.05, raw), 4),
        [*papers[:_FEW], *(item.observation_id for item in cleared)],
        [gravest.observation_id] if gravest else [],
        told_by=family.told_by if family else "",
    )  # fmt: skip


def _not_enough(observations: Sequence[Observation]) -> RankedHypothesis:
    views = {item.observer for item in observations}
    raw = 0.9 if not observations else 0.05 + 0.1 * (len(OBSERVERS) - len(views))
    text = (
        f"only {', '.join(sorted(views)) or 'nobody'} saw anything; the cause may lie outside the books."
        if len(views) < len(OBSERVERS)
        else "the cause may lie outside what the books, documents and history show."
    )
    return RankedHypothesis(
        "N1", NOT_ENOUGH, "", text, ["desk"], round(raw, 4), told_by="Ask whoever posted it."
    )


def _lookup_results(name: str, arguments: Mapping[str, Any], bench: Bench) -> Iterable[LookupResult]:
    lookup = lookups.by_name(name)
    try:
        return list(lookup.look(bench, lookup.arguments.model_validate(arguments)))
    except AskError:
        return []
