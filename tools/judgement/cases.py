"""Suspects with a common document, vendor, person or account form a case, and never one giant one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from tools.core.digest import digest
from tools.judgement import batches_sent_twice, case_titles, test_families
from tools.judgement.alert_budget import AlertBudget
from tools.judgement.parties import party

Row = Mapping[str, Any]
COLUMNS = (
    "row_key txn_id source family score exposure_base posted_day vendor_key vendor_name vendor_id person_id "
    "person_name created_by account invoice_no journal_id partner_key lead_test event kind amount_minor "
    "currency description file line families counted_with break_reason other_until difference_minor "
    "nearest_row exposure_minor"
).split()
Key = tuple[str, str, str]  # family, subject, value


def group(
    rows: Sequence[Row],
    currency: str,
    *,
    limit: int,
    people: Mapping[str, str] | None = None,
    entity: str = "",
    kinds: Collection[str] = (),
    budget: AlertBudget | None = None,
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Group suspects into cases of at most `limit` rows.

    What is one event is one case, however many rows it has. Of the others, first rows joined by a document
    (a duplicate and its original, lines of one invoice), then what has the same test pattern and the same
    vendor, person or account. Gives the cases, ranked by exposure times score, and row_key -> case_id. The
    order of `rows` changes nothing.

    people: person_id -> name, and kinds, of the sources: for the titles. entity: whose books they are: two
    companies that buy from one vendor have a case each.
    """
    rows = batches_sent_twice.marked(rows)
    crowds = budget.crowds(rows) if budget else {}
    linked = _linked([row for row in rows if not row.get("event") and row["row_key"] not in crowds], limit)
    linked += _events(rows) + _crowds(rows, crowds)
    by_key: dict[Key, list[list[Row]]] = defaultdict(list)
    for component in linked:
        by_key[_key(component, crowds)].append(component)
    cases, members = [], {}
    for key in sorted(by_key):
        whole = len(rows) if key[1] in ("event", "test") else limit
        for number, together in enumerate(_filled(by_key[key], whole)):
            case_id = "C-" + digest([entity, *key, number])[:10]
            case = {"case_id": case_id, **_case(key, together, currency, people or {}, kinds)}
            case["calmed_by"] = budget.calmed_by(together) if budget and key[1] == "test" else None
            cases.append(case)
            members.update({row["row_key"]: case["case_id"] for row in together})
    cases.sort(key=lambda case: (-case["exposure_minor"] * case["score"], case["case_id"]))
    for rank, case in enumerate(cases, start=1):
        case["rank"] = rank
    return cases, members


def _linked(rows: Sequence[Row], limit: int) -> list[list[Row]]:
    """Join rows by document into components, each of at most `limit` rows."""
    parent = {row["row_key"]: row["row_key"] for row in rows}
    size = dict.fromkeys(parent, 1)

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for first, right in sorted(_links(rows, parent)):
        a, b = sorted((root(first), root(right)))
        if a != b and size[a] + size[b] <= limit:
            parent[b] = a
            size[a] += size[b]
    components: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["row_key"]):
        components[root(row["row_key"])].append(row)
    return list(components.values())


def _events(rows: Sequence[Row]) -> list[list[Row]]:
    events: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["row_key"]):
        if row.get("event"):
            events[row["event"]].append(row)
    return list(events.values())


def _links(rows: Sequence[Row], vendors: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    first: dict[tuple[str, ...], str] = {}
    for row in sorted(rows, key=lambda row: row["row_key"]):
        if row["partner_key"] in vendors:
            yield row["row_key"], row["partner_key"]
        if row["invoice_no"] and _vendor(row):
            yield row["row_key"], first.setdefault((_vendor(row), row["invoice_no"]), row["row_key"])
        if row["journal_id"]:
            yield (
                row["row_key"],
                first.setdefault(("journal", row["source"], row["journal_id"]), row["row_key"]),
            )


def _crowds(rows: Sequence[Row], crowds: Mapping[str, tuple[str, str]]) -> list[list[Row]]:
    """Give the rows of each crowd, the gravest first."""
    members: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (-(row["exposure_base"] or 0), row["row_key"])):
        if row["row_key"] in crowds:
            members[crowds[row["row_key"]]].append(row)
    return list(members.values())


def _key(component: Sequence[Row], crowds: Mapping[str, tuple[str, str]]) -> Key:
    lead = min(
        component, key=lambda row: (test_families.precedence(row["family"]), -row["score"], row["row_key"])
    )
    if lead.get("event"):
        return lead["family"], "event", lead["event"]
    if lead["row_key"] in crowds:
        return lead["family"], "test", " ".join(crowds[lead["row_key"]])
    preferred = test_families.by_name(lead["family"]).subject
    values = {
        "vendor": _vendor(lead),
        "person": lead["person_id"] or lead["person_name"] or _actor(lead),
        "account": "/".join(filter(None, (lead["source"], lead["account"]))),
    }
    for subject in (preferred, "vendor", "person"):
        if values.get(subject):
            return lead["family"], subject, values[subject]
    return lead["family"], "row", lead["row_key"]


def _actor(lead: Row) -> str:
    """Name whom a row without a person is about: of a wage whom it went to, and never who posted it."""
    if lead["family"] == "unlisted_wage":
        return str(lead["vendor_name"] or party(lead)).upper()
    return str(lead["created_by"] or "")


def _filled(components: Sequence[Sequence[Row]], limit: int) -> Iterable[list[Row]]:
    """Put components into cases in the order of their days, up to `limit` rows each."""
    batch: list[Row] = []
    for component in sorted(components, key=lambda c: (c[0]["posted_day"] or 0, c[0]["row_key"])):
        if batch and len(batch) + len(component) > limit:
            yield batch
            batch = []
        batch.extend(component)
    if batch:
        yield batch


def _case(
    key: Key, rows: Sequence[Row], currency: str, people: Mapping[str, str], kinds: Collection[str]
) -> dict[str, Any]:
    family, subject, value = key
    exposure = sum(_exposures(rows))
    vendors = sorted({row["vendor_name"] for row in rows if row["vendor_name"]})
    name = vendors[0] if subject == "vendor" and vendors else _subject_name(subject, value, rows, people)
    return {
        "title": case_titles.title(
            rows, family=family, name=name, total=exposure, currency=currency, kinds=kinds
        ),
        "subject": subject,
        "vendor": vendors[0] if len(vendors) == 1 else None,
        "family": family,
        "rows": len(rows),
        "exposure_minor": exposure,
        "currency": currency,
        "score": max(row["score"] for row in rows),
    }


def _exposures(rows: Sequence[Row]) -> Iterable[int]:
    """Give what is at risk on each row; what a journal is off by counts once, whichever line it may be."""
    off: dict[tuple[str, str], int] = {}
    for row in rows:
        exposure = 0 if row.get("counted_with") else row["exposure_base"] or 0
        if row.get("lead_test") == "unbalanced_journal":
            journal = (row["source"], row["journal_id"])
            off[journal] = max(off.get(journal, 0), exposure)
        else:
            yield exposure
    yield from off.values()


def _subject_name(subject: str, value: str, rows: Sequence[Row], people: Mapping[str, str]) -> str:
    if subject == "person":
        return people.get(value) or next((row["person_name"] for row in rows if row["person_name"]), value)
    if subject == "vendor":
        return f"vendor {value}"
    if subject == "event":
        return f"a block of {rows[0]['source']}"
    if subject == "test":
        return f"a crowd in {rows[0]['source']}"
    return _row_name(rows[0]) if subject == "row" else value


def _vendor(row: Row) -> str:
    """Give what tells a row's vendor: its name, or its id where the books have no names."""
    return str(row["vendor_key"] or row["vendor_id"] or "")


def _row_name(row: Row) -> str:
    """Name a row as its reader knows it: by its id, else by its party and document; a key says nothing."""
    whom = party(row) or (row["vendor_id"] and f"vendor {row['vendor_id']}")
    document = row["invoice_no"] and f"invoice {row['invoice_no']}"
    place = row.get("line") and f"line {row['line']} of {row.get('file') or row['source']}"
    return str(" ".join(filter(None, (whom, document))) or row["txn_id"] or place or row["source"])
