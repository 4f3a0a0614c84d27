"""Give hypotheses of any kind their confidence and grounding, and order them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from tools.investigation import calibration, disproof
from tools.investigation.disproof import HALF, DisproofAttempt, TrialContext
from tools.investigation.grounding import Edges, grounding
from tools.investigation.hypothesis import ALWAYS, RankedHypothesis, ranked


def judged(
    kind: str,
    hypotheses: Iterable[RankedHypothesis],
    tried: Mapping[str, Sequence[DisproofAttempt]],
    about: TrialContext,
    *,
    edges: Edges,
    reach: float,
    verdicts: Sequence[tuple[str, float, bool]] = (),
) -> list[RankedHypothesis]:
    """Order hypotheses, each with confidence and grounding; what was refuted is at the end.

    tried: the attempts by hypothesis. reach: the share of observers that could look. verdicts: kind, raw
    score, right or not, of what people judged.
    """
    order = []
    for hypothesis in hypotheses:
        always = hypothesis.cause in ALWAYS
        sure, count = calibration.confidence(
            kind, hypothesis.raw, () if always else verdicts, _table(hypothesis)
        )
        graded = replace(
            hypothesis, confidence=sure if always else round(sure * reach, 4), calibrated_on=count
        )
        if disproof.is_refuted(tried.get(hypothesis.hypothesis_id, ())):
            order.append(replace(graded, grounding="RULED_OUT"))
        else:
            order.append(replace(graded, grounding=grounding(graded, about, edges)[0]))
    return ranked(order)


def _table(hypothesis: RankedHypothesis) -> calibration.Table:
    """Give the results that a hypothesis stands on: measured were causes, those of sums apart."""
    if hypothesis.cause in ALWAYS and hypothesis.raw > HALF:
        return {}
    return calibration.SUMS if (hypothesis.details or {}).get("of_sum") else calibration.MEASURED
