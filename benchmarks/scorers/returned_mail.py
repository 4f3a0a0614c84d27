"""Returned mails, complaints and auto-replies of many mail systems, held against truth.json.

Rules were fitted on the systems in FITTED_ON; the figures with a target are of the others alone, and what
those say was not looked at. (Of Zoho's, Spectrum's and X2's was seen what was missed: they count as fitted
since. NTT docomo's were seen, too, and no rule was made of them.) A mail may hold several results, which are
compared in order.
Baseline: flufl.bounce on this set, as published: found .793, hard or soft .281.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.datasets import DataSet, folders, has
from benchmarks.figures import Figure, share
from tools.recovery.replies import classify
from tools.recovery.replies.reading import Reading

FITTED_ON: Final = frozenset(
    "arf lhost-amavis lhost-apachejames lhost-bigfoot lhost-einsundeins lhost-exchange2003 lhost-fml"
    " lhost-gmail lhost-mailfoundry lhost-mfilter lhost-mxlogic lhost-notes lhost-postfix lhost-powermta"
    " lhost-qmail lhost-receivingses lhost-surfcontrol lhost-x1 lhost-x2 lhost-zoho rfc3834 rhost-google"
    " rhost-kddi rhost-spectrum".split()
)
_KINDS: Final = {"feedback": ("complaint", "opt_out"), "vacation": ("auto_reply",)}


@dataclass
class _Score:
    results: int = 0
    found: int = 0
    hard: int = 0
    reason: int = 0
    wrong: int = 0

    def add(self, reading: Reading, truth: Sequence[Mapping[str, Any]]) -> None:
        """Count one mail's results."""
        answers = _answers(reading, truth)
        is_bounce = truth[0]["reason"] not in _KINDS
        self.wrong += reading.kind == "bounce" and not is_bounce
        self.results += len(truth)
        self.found += min(len(answers), len(truth))
        for (reason, hard), true in zip(answers, truth, strict=False):
            self.hard += hard == true["hard"]
            self.reason += reason == true["reason"]

    def figures(self, systems: str, *, judged: bool) -> list[Figure]:
        """Give the shares; those of systems that nobody fitted to have targets."""
        rows = (("found", self.found, 0.98), ("hard or soft", self.hard, 0.97), ("reason", self.reason, 0.90))
        beaten = {"found": "flufl.bounce .793", "hard or soft": "flufl.bounce .281"}
        figures = [
            Figure(
                f"{systems}: {name}", share(right, self.results), "at least" if judged else "shown",
                target if judged else None, f"{right} of {self.results}; {beaten.get(name, '')}".rstrip("; "),
            )
            for name, right, target in rows
        ]  # fmt: skip
        return [*figures, Figure(f"{systems}: wrong bounces", self.wrong, "exactly", 0)]


def find(root: Path) -> list[DataSet]:
    """Give every folder of mails with a truth.json that says why each came back."""
    return [DataSet(f.name, (f,)) for f in folders(root) if has(f, "truth.json") and any(f.glob("*.eml"))]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Read each mail as recovery does; systems that rules were fitted on apart from the others."""
    del work
    (folder,) = data_set.folders
    fitted, others = _Score(), _Score()
    for name, truth in json.loads((folder / "truth.json").read_text(encoding="utf-8")).items():
        path = folder / f"{name}.eml"
        if path.is_file():
            system = re.sub(r"-\d+$", "", name)
            (fitted if system in FITTED_ON else others).add(classify.read(path.read_bytes()), truth)
    return [*others.figures("other systems", judged=True), *fitted.figures("fitted on", judged=False)]


def _answers(reading: Reading, truth: Sequence[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    kinds = _KINDS.get(str(truth[0]["reason"]))
    if kinds is None:
        return [(bounce.reason, bounce.hard) for bounce in reading.bounces]
    if reading.kind not in kinds:
        return []
    return [(str(truth[0]["reason"]), False)] * max(1, min(len(truth), len(reading.recipients)))
