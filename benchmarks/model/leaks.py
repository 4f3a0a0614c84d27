"""Look for what must not leave in every byte that was sent, in any spelling."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools.books.engine import Books
from tools.core.settings import Settings
from tools.judgement.flag_facts import OWN_WORDS
from tools.models.masking import folded, plain, without_tokens

_SECRETS: Final = """
SELECT DISTINCT label, trim(text) AS text FROM (
    SELECT 'name' AS label, unnest([person_name, created_by, approved_by]) AS text FROM txn
    UNION ALL SELECT 'name', person_name FROM employee
    UNION ALL SELECT 'name', client_name FROM client
    UNION ALL SELECT 'name', unnest([vendor_name, vendor_key]) FROM txn
    UNION ALL SELECT 'name', vendor_name FROM vendor
    UNION ALL SELECT 'address', email FROM employee
    UNION ALL SELECT 'address', unnest(regexp_extract_all(
        concat_ws(' ', sender, recipients, subject, body), '[\\w.+-]+@[\\w.-]+')) FROM email
    UNION ALL SELECT 'number', unnest([bank_account, tax_id]) FROM vendor
    UNION ALL SELECT 'number', unnest([bank_account, tax_id]) FROM employee
    UNION ALL SELECT 'number', bank_account FROM txn
) WHERE length(trim(text)) >= 3
"""
_SHORTEST_NUMBER: Final = 6
_LONG_NAME: Final = 8
_ADDRESS: Final = re.compile(r"\S+@\S+\.\w+")
_CARD: Final = re.compile(r"(?<!\d)(?:\d[ -]?){13,19}(?!\d)")


@dataclass(frozen=True)
class Leaks:
    """What was looked for (by kind), how many bytes were looked through, and what was found."""

    looked_for: dict[str, int]
    size: int
    found: list[str]


def look(snapshot: Path, sent: Sequence[bytes]) -> Leaks:
    """Look for names, addresses and numbers of these books; and for anything that is an address or a card.

    Names as words in any case, accents aside; numbers as their digits and letters, whatever stands between.
    """
    with Books.open(snapshot, Settings()) as books:
        secrets = [(row["label"], row["text"]) for row in books.rows(_SECRETS)]
    ours = {*OWN_WORDS, *_instructions(sent)}
    texts = [without_tokens(text) for raw in sent for text in _data(json.loads(raw))]
    words = " " + " ".join(" ".join(re.split(r"[\W_]+", _same(text))) for text in texts) + " "
    joined = "\n".join(re.sub(r"[\W_]", "", _same(text)) for text in texts)
    looked: dict[str, int] = {}
    leaks = [f"{kind} {text}" for kind, text in _patterns(texts)]
    for label, secret in secrets:
        parts = [part for part in re.split(r"[\W_]+", _same(secret)) if part]
        if label == "name" and all(part in ours or part.isdigit() for part in parts):
            continue  # a name of words that our own sentences hold
        looked[label] = looked.get(label, 0) + 1
        if label == "number":
            hit = len("".join(parts)) >= _SHORTEST_NUMBER and "".join(parts) in joined
        else:
            whole = "".join(parts)
            glued = len(parts) > 1 and len(whole) >= _LONG_NAME and whole in joined
            hit = glued or f" {' '.join(parts)} " in words
        leaks += [f"{label} {secret}"] if hit else []
    return Leaks(looked, sum(len(raw) for raw in sent), leaks)


def _same(text: str) -> str:
    return folded(plain(text)).lower()


def _patterns(texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for text in texts:
        yield from (("address", hit) for hit in _ADDRESS.findall(text))
        yield from (("card", hit) for hit in _CARD.findall(text))


def _data(value: Any) -> Iterable[str]:  # noqa: ANN401 - any JSON value
    """Give every text of a request but our own instructions: what documents and books may have put there."""
    for message in value["messages"]:
        if message["role"] != "system":
            yield str(message.get("content") or "")
            yield json.dumps(message.get("tool_calls") or "", ensure_ascii=False)


def _instructions(sent: Sequence[bytes]) -> set[str]:
    """Give the words of our own prompts and schemas."""
    words: set[str] = set()
    for raw in (*sent[:1], *sent[-1:]):
        body = json.loads(raw)
        own = [body["messages"][0]["content"], json.dumps(body.get("tools") or body.get("response_format"))]
        words.update(re.split(r"[\W_]+", _same(" ".join(own))))
    return words
