"""Letters in a model's words, where the rules ask for it: figures stay, and a person approves as ever.

reword_drafts(run_id, prompt) -> int      how many drafts of a run got other words
why_unsound(before, after) -> str         what is wrong with a paragraph in other words, or ""

Only paragraphs of prose leave the desk: the templates put no name and no amount of the books into them. What
comes back has to have the same numbers, dates and quoted words and nothing that threatens; else the template
stands. The page shows the difference from the template.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.core.settings import Settings
from tools.judgement.model_wording import PromptText
from tools.models import spending
from tools.models.budget import BudgetError
from tools.models.calls import ModelQuestion
from tools.models.endpoint import ModelError
from tools.models.model import Model
from tools.recovery import states
from tools.recovery.letters.tables import is_table
from tools.store import Store, open_store
from tools.store.models import Letter, RecoveryClaim

NODE: Final = "write_letters"
PURPOSE: Final = "reword_letter"
_ANSWER_TOKENS: Final = 900
_LEAST: Final = 60  # characters of a paragraph that is worth other words
_WIDTH: Final = 116
_SHORTER, _LONGER = 0.4, 1.8
_NUMBER: Final = re.compile(r"\d[\d.,:/-]*\d|\d")
_QUOTED: Final = re.compile(r"[\"\u201c\u201e]([^\"\u201c\u201d\u201e]{1,80})[\"\u201c\u201d]")
_LINK: Final = re.compile(r"https?:|www\.|@|\[|\*\*|^#", re.IGNORECASE)
# What a letter may threaten with stands in its template or nowhere (15 USC 1692e(5); honest dealing).
_THREAT: Final = re.compile(
    r"\b(lawyers?|attorneys?|solicitors?|court|lawsuit|sue|legal|prosecut\w*|police|penalt\w+|fines?|interest|fees?"
    r"|collection agency|credit bureau|immediately|final notice|anw[aä]lt\w*|gericht\w*|klage\w*|rechtlich\w*"
    r"|inkasso\w*|strafe\w*|mahngeb\w+|zinsen|geb[üu]hr\w*|sofort|letztmalig\w*|polizei)\b",
    re.IGNORECASE,
)


class RewordedLetter(BaseModel):
    """Paragraphs in other words, in their order."""

    model_config = ConfigDict(extra="forbid")

    paragraphs: list[str]


def reword_drafts(run_id: str, prompt: PromptText) -> int:
    """Put a run's drafts that nobody touched into a model's words, where rules and settings want it."""
    limits = settings.load()
    if not limits.model or not load_rules(limits.rules).recovery.reword_letters:
        return 0
    store = open_store(limits.database_url)
    query = (
        select(Letter)
        .join(RecoveryClaim, RecoveryClaim.claim_id == Letter.claim_id)
        .where(Letter.run_id == run_id, Letter.status == "draft", Letter.body == Letter.template_body)
        .where(RecoveryClaim.kind != "prospect")  # an advertisement says that it is one, in set words
    )
    with store.read() as session:
        drafts = list(session.scalars(query.order_by(Letter.letter_id)))
    return sum(_reword(store, limits, letter, prompt) for letter in drafts)


def _reword(store: Store, limits: Settings, letter: Letter, prompt: PromptText) -> bool:
    blocks = letter.body.strip().split("\n\n")
    places = [place for place, block in enumerate(blocks) if _is_prose(block, letter)]
    before = [" ".join(blocks[place].split()) for place in places]
    after, why = _model_wording(limits, letter.run_id, before, prompt)
    if not why:
        for place, paragraph in zip(places, after, strict=True):
            blocks[place] = textwrap.fill(" ".join(paragraph.split()), _WIDTH)
    return _record(store, limits, letter, "\n\n".join(blocks) + "\n", why)


def _is_prose(block: str, letter: Letter) -> bool:
    ends = letter.claim_id in block or block.startswith(("http", "-- "))
    return len(block) >= _LEAST and not ends and not is_table(block) and letter.currency not in block


def _model_wording(
    limits: Settings, run_id: str, before: Sequence[str], prompt: PromptText
) -> tuple[list[str], str]:
    """Ask for other words; give them, or why the template stands."""
    system, user = prompt.render(
        schema=json.dumps(RewordedLetter.model_json_schema()),
        paragraphs=json.dumps(list(before), indent=1, ensure_ascii=False),
    )
    cache, record = spending.answers(limits, run_id), spending.recorder(limits, run_id)
    model = Model(limits, spending.budget_of(limits, run_id), node=NODE, cache=cache, record=record)
    try:
        answer = model.ask(ModelQuestion(system, user, RewordedLetter, PURPOSE, _ANSWER_TOKENS))
    except (ModelError, BudgetError) as error:
        return [], str(error)
    if len(answer.paragraphs) != len(before):
        return [], f"{len(answer.paragraphs)} paragraphs came back of {len(before)}"
    pairs = zip(before, answer.paragraphs, strict=True)
    return answer.paragraphs, next((why for pair in pairs if (why := why_unsound(*pair))), "")


def why_unsound(before: str, after: str) -> str:
    """Say what is wrong with a paragraph in other words, or ""."""
    if Counter(_NUMBER.findall(before)) != Counter(_NUMBER.findall(after)):
        return "other numbers or dates"
    if Counter(_QUOTED.findall(before)) != Counter(_QUOTED.findall(after)):
        return "other words in quotation marks"
    if _LINK.search(after):
        return "a link, an address or markup"
    if added := _threats(after) - _threats(before):
        return f"what the template does not say: {', '.join(sorted(added))}"
    if not _SHORTER * len(before) <= len(after.strip()) <= _LONGER * len(before):
        return "much shorter or longer than it was"
    return ""


def _threats(text: str) -> set[str]:
    return {word.lower() for word in _THREAT.findall(text)}


def _record(store: Store, limits: Settings, letter: Letter, body: str, why: str) -> bool:
    """Keep the words while the letter is still as it was drafted; note what became of them either way."""
    with store.begin() as session:
        row = session.get_one(Letter, letter.letter_id, with_for_update=True)
        if row.status != "draft" or row.body != row.template_body:
            return False
        if not why:
            row.body = body
        session.flush()
        details = {"letter_id": letter.letter_id, "model": limits.model, "why": why}
        kind = "not_reworded" if why else "reworded"
        once = f"{kind}:{letter.letter_id}"
        states.event(session, letter.claim_id, kind, by="tieout", details=details, once=once)
        return not why
