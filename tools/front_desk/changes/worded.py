"""A test of the books that a model drafts from a sentence; it passes the same tests and gates as any.

drafted(sentence, text, settings, request) -> RuleDraft

Its answer is read as a person's file is: the SQL is held against the list of what may stand there, the cases
are read. What is wrong with it goes back to the model, twice; then the sentence is refused.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from pydantic import BaseModel, Field, model_validator

from tools.books import tables
from tools.checks.case_files import read_cases
from tools.checks.house_tests import parsed
from tools.core import bounded_yaml
from tools.core.errors import RunError, TieoutError
from tools.core.settings import Settings
from tools.front_desk.changes import draft as drafts
from tools.front_desk.changes.draft import RuleDraft
from tools.front_desk.commands import BY_HAND
from tools.front_desk.rewording import WordingRequest
from tools.models import spending
from tools.models.budget import BudgetError
from tools.models.calls import ModelQuestion
from tools.models.endpoint import ModelError
from tools.models.masking import Mask
from tools.models.model import Model

NODE: Final = "open_change"
PURPOSE: Final = "draft_test"
_ANSWER_TOKENS: Final = 2000
_TABLES: Final = ("txn", "vendor", "employee", "calendar", "trial_balance")
EXAMPLE: Final = """
-- house_round_thousands: an amount in whole thousands
-- purpose: invented amounts are round; prices seldom are
-- needs: amount_minor
-- kinds: payment
-- params: least_minor = 100000, score = 25
-- scores: weak: $score (25)
-- source: Nigrini, Forensic Analytics (2011), ch. 11
SELECT row_key, scope, $score AS score, CAST(amount_minor AS VARCHAR) AS observed,
       'no whole thousands' AS threshold, 'payments of ' || source AS population
FROM txn
WHERE kind = 'payment' AND amount_minor >= $least_minor AND amount_minor % 100000 = 0

- case: whole thousands, and amounts near them
  txn:
    - {row_key: a, kind: payment, amount_minor: 500000}
    - {row_key: b, kind: payment, amount_minor: 500100}
    - {row_key: c, kind: payment, amount_minor: 99000}
  finds: [a]
"""


class DraftedTest(BaseModel):
    """A test of the books: its text with its header, and its cases as YAML."""

    sql: str = Field(max_length=6000)
    cases: str = Field(max_length=6000)

    @model_validator(mode="after")
    def _is_sound(self) -> DraftedTest:
        try:
            test = parsed(drafts.name_in(self.sql), self.sql)
            read_cases("anomaly", test.name, bounded_yaml.load(self.cases))
        except TieoutError as error:
            raise ValueError(str(error)) from None
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"the cases are no list of cases: {error}") from None
        return self


def drafted(sentence: str, text: str, settings: Settings, request: WordingRequest) -> RuleDraft:
    """Let a model draft a test of the books. Raises RunError where none is set, or none gives a sound one."""
    if not settings.model:
        raise RunError("a test is drafted from words where a model is set.", remedy=BY_HAND)
    mask = Mask()
    system, user = request.prompt.render(
        tables=_columns(),
        example=EXAMPLE.strip(),
        schema=json.dumps(DraftedTest.model_json_schema()),
        wanted=mask.hide(sentence, letter=True),
    )
    run_id = request.run_id
    model = Model(
        settings, spending.budget_of(settings, run_id), node=NODE,
        cache=spending.answers(settings, run_id), record=spending.recorder(settings, run_id),
    )  # fmt: skip
    try:
        answer = model.ask(ModelQuestion(system, user, DraftedTest, PURPOSE, _ANSWER_TOKENS))
    except (ModelError, BudgetError) as error:
        raise RunError(f"no model has drafted a sound test: {error}", remedy=BY_HAND) from None
    return drafts.house_test(text, Path(settings.rules), answer.sql, answer.cases)


def _columns() -> str:
    return "\n".join(f"- {name}: {', '.join(tables.CANONICAL[name])}" for name in _TABLES)
