"""Let a model look further into a case: what its lookups bring are observations, what it thinks is not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tools.incidents import purse
from tools.incidents.subject import IncidentBench
from tools.investigation import case_reading, casefile, conversation, lookups, observers
from tools.investigation.lookups import LookupResult
from tools.investigation.observation import Observation
from tools.judgement.flag_facts import names_in
from tools.judgement.model_wording import PromptText
from tools.models.budget import BudgetError
from tools.models.calls import Turn
from tools.models.endpoint import ModelError
from tools.models.masking import Mask
from tools.models.model import REFINEMENTS, Model

ANSWER_TOKENS: Final = 1500
HURRY: Final = 0.75  # of its time: from then on it has to report


class FurtherLook:
    """One observer's bounded conversation: a model asks, the desk looks up, until it reports."""

    def __init__(
        self,
        bench: IncidentBench,
        desk: lookups.Bench,
        name: str,
        flag: Mapping[str, Any],
        observations: Sequence[Observation],
    ) -> None:
        """Begin: the model is told what was seen. flag: the case's gravest."""
        self.bench, self.desk, self.observer, self.flag = bench, desk, observers.by_name(name), flag
        self.facts = casefile.facts_of(observations)
        self.mask = Mask(names_in(desk.books, (item.text for item in observations)))
        self.until = time.monotonic() + HURRY * bench.settings.investigate_seconds

    def observations(self) -> Iterator[Observation]:
        """Give what the model's lookups brought, in their order; where it is stopped, that too."""
        limits, invalid = self.bench.settings, 0
        if self.bench.share is None or self.bench.prompt is None or not limits.model:
            return
        node = f"{purse.NODE}{self.observer.name}"
        model = purse.models(limits, self.bench.folder.name, self.bench.share, node)
        messages = self._opening_messages(self.bench.prompt)
        for step in range(1, limits.investigate_steps + 1):
            try:
                update = self._turn(model, messages, step, invalid)
            except (BudgetError, ModelError) as error:  # it stops with what it has; the call is on the trail
                yield self._stopped(error.message)
                return
            messages += update["messages"]
            invalid += update["invalid"]
            if update["report"] or update["ended"]:
                return
            if conversation.pending(messages):
                yield from self._do_lookups(messages)

    def _opening_messages(self, prompt: PromptText) -> list[dict[str, Any]]:
        hidden = {name: self.mask.hide(fact["text"], letter=True) for name, fact in self.facts.items()}
        system, user = prompt.render(
            view=self.observer.view,
            turns=str(self.bench.settings.investigate_steps),
            most="5",
            data=json.dumps(hidden, indent=1, ensure_ascii=False),
        )
        return [{"role": "system", "content": system}, {"role": "user", "content": user}]

    def _turn(
        self, model: Model, messages: Sequence[dict[str, Any]], step: int, invalid: int
    ) -> dict[str, Any]:
        steps = self.bench.settings.investigate_steps
        remaining = self.until - time.monotonic()
        must = conversation.REPORT if step == steps or remaining <= 0 else ""
        seconds = max(1.0, remaining + (1 - HURRY) * self.bench.settings.investigate_seconds)
        tools = conversation.tools_of(self.observer)
        dear = invalid >= REFINEMENTS
        turn = Turn(messages, tools, "look_further", ANSWER_TOKENS, must=must, seconds=seconds, dear=dear)
        return conversation.after_reply(model.turn(turn), step, steps)

    def _do_lookups(self, messages: list[dict[str, Any]]) -> Iterator[Observation]:
        rows = {name: fact["key"] for name, fact in self.facts.items() if fact["kind"] == "row"}
        bench = lookups.Bench(self.desk.books, self.desk.store, self.desk.run_id, rows)
        number = sum(name.startswith(self.observer.letter) for name in self.facts)
        shown = conversation.calls_shown(messages[-1], self.mask, rows)
        replies, facts = conversation.answered(messages[-1], self.observer, bench, self.mask, number)
        messages += replies
        self.facts |= facts
        for name, fact in facts.items():
            row = LookupResult(fact["kind"], fact["key"], self.mask.show(fact["text"]))
            yield case_reading.of_lookup(name, self.observer.name, row, calls=shown, flag=self.flag)

    def _stopped(self, why: str) -> Observation:
        return Observation(
            f"{self.observer.letter}.stopped", self.observer.name, "lookups",
            f"a model's further lookups ended: {why}", quality="CIRCUMSTANTIAL",
            query={"engine": "model", "parameters": {"node": f"{purse.NODE}{self.observer.name}"}},
        )  # fmt: skip
