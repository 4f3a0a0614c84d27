"""The words of a message: plain text that no channel can read as markup, whatever a vendor is called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from desk.views.safe_text import visible
from tools.core.severity_levels import RISKS
from tools.models.masking import Mask
from tools.store.models import OutboxMessage

LONGEST = 600  # characters of anything that comes from the books
# What mail, Slack, Teams and Markdown read as markup, as the sign that looks most like it.
_SIGNS = str.maketrans("<>[]{}`*_|~\\#&", "\u2039\u203a()()'\u2217\u2017\u00a6\u223c/\u266f\uff06")
_LINK = re.compile(r"(?i)\b(https?|ftp|file|mailto|javascript|tel)\s*:")
_DOMAIN = re.compile(r"(?<=\w)\.(?=\w)")
_AMOUNT = re.compile(r"\d[\d.,]*\d")


@dataclass(frozen=True)
class NoticeText:
    """What goes out: a title of one line, and a body. id: the same when it is sent again."""

    id: str
    title: str
    body: str


def harmless(text: object) -> str:
    """Give text of the books on one line, so that no channel takes it for markup, a mention or a link.

    It is made to be recognised, not to be copied: the case's page has it as it is written.
    """
    line = visible(" ".join(str(text).split()))[:LONGEST].translate(_SIGNS)
    line = _LINK.sub(r"\1 ", line.replace("@", "(at)").replace("://", " "))
    return "".join(_dotted(part) for part in re.split(f"({_AMOUNT.pattern})", line))


def write(
    batch_id: str, notices: Sequence[OutboxMessage], *, pages_url: str = "", masked: bool = False
) -> NoticeText:
    """Word the notices of one message; several are a digest."""
    parts = [_Worded(notice, pages_url, masked=masked) for notice in notices]
    title = parts[0].title if len(parts) == 1 else f"{len(parts)} notices, the gravest {_gravest(notices)}"
    body = "\n\n----\n\n".join(part.body for part in parts)
    return NoticeText(batch_id, f"Tieout: {title}", f"{body}\n\nMessage {batch_id}")


_EMPTY: Mapping[str, Any] = {
    "title": "a notice",
    "risk": "HIGH",
    "entity": "",
    "why": [],
    "items": [],
    "more": 0,
    "choices": "",
    "page": "",
    "command": "tieout approvals",
    "names": {},
}


class _Worded:
    def __init__(self, notice: OutboxMessage, pages_url: str, *, masked: bool) -> None:
        self._told: Mapping[str, Any] = {**_EMPTY, **notice.payload}
        self._pages = pages_url.rstrip("/")
        names = [
            (label, name) for label, names_of_label in self._told["names"].items() for name in names_of_label
        ]
        self._mask = Mask(names) if masked else None
        entity = f", {self._masked_text(self._told['entity'])}" if self._told["entity"] else ""
        self.title = f"{self._masked_text(self._told['title'])} ({self._told['risk']}{entity})"
        self.body = "\n".join(self._lines(notice))

    def _masked_text(self, text: object) -> str:
        """Mask before anything else: a name has to be met as it is written."""
        return harmless(self._mask.hide(str(text)) if self._mask else text)

    def _lines(self, notice: OutboxMessage) -> list[str]:
        lines = [self.title, f"{notice.origin_kind.capitalize()} {notice.origin_id}."]
        lines += [f"Why: {self._masked_text(reason)}" for reason in self._told["why"]]
        for number, item in enumerate(self._told["items"], 1):
            lines += ["", *self._item(number, item)]
        if self._told["more"]:
            lines += ["", f"and {self._told['more']} more."]
        if self._told["choices"]:
            lines += ["", "What happens on each answer:", self._masked_text(self._told["choices"])]
        return [*lines, "", self._link(self._told["page"])]

    def _item(self, number: int, item: Mapping[str, Any]) -> list[str]:
        people = f"; {item['people']} people have to agree" if item.get("people", 1) > 1 else ""
        flags = f", {item['flags']} flags" if item.get("flags", 1) > 1 else ""
        amount = f"{self._masked_text(item['amount'])} at risk" if item.get("amount") else ""
        at_risk = f"{amount}{flags}{people}".removeprefix("; ").removeprefix(", ")
        lines = [f"{number}. {item['severity']}: {self._masked_text(item['title'])}"]
        lines += [f"   {at_risk[0].upper()}{at_risk[1:]}."] if at_risk else []
        own = ("why",) if item.get("choices") == self._told["choices"] else ("why", "choices")
        lines += [f"   {self._masked_text(item[name])}" for name in own if item.get(name)]
        return [*lines, f"   {self._link(item['page'])}"] if item.get("page") and self._pages else lines

    def _link(self, page: str) -> str:
        if self._pages and page:
            return f"{self._pages}/{page}"
        return f"See it with: {self._told['command']}"


def _gravest(notices: Sequence[OutboxMessage]) -> str:
    risks = {str(notice.payload.get("risk", "HIGH")) for notice in notices}
    return next((risk for risk in reversed(RISKS) if risk in risks), "HIGH")


def _dotted(part: str) -> str:
    """Part what a reader's program would make a link of: amzn.com; an amount stays."""
    return part if _AMOUNT.fullmatch(part) else _DOMAIN.sub("·", part)
