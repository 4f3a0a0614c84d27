"""What the learned order would have gained on reviews that it was not fitted on, against exposure's order.

The newest share of the reviewed cases is held back, as the future would be. An order is measured by its
average precision: of the cases read so far, the share that was upheld, averaged over the upheld ones. How
sure the gain is comes from drawing the cases anew (Efron, Annals of Statistics 7, 1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.feedback.ranking import model
from tools.feedback.ranking.examples import Example

SHARE: Final = 0.3
_DRAWS: Final = 500
_LOWER: Final = 5  # per cent of the draws below
_FIRST: Final = 0.25  # of the queue, for the figure that people read
_BANDS: Final = 5

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Gain:
    """Average precision of both orders on held-back cases, the gain's lower bound, and what people read.

    first: cases in the first quarter of the queue; of them upheld by each order. bands: forecast against
    what came true. brier: mean square error of the chances.
    """

    cases: int
    upheld: int
    learned: float
    by_exposure: float
    gain_at_least: float
    first: int
    first_learned: int
    first_by_exposure: int
    brier: float
    bands: tuple[tuple[float, float, int], ...]

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


def split(examples: Sequence[Example]) -> tuple[Sequence[Example], Sequence[Example]]:
    """Part examples, in the order of their first review, into those to fit on and those held back."""
    at = round(len(examples) * (1 - SHARE))
    return examples[:at], examples[at:]


def measure(examples: Sequence[Example]) -> Gain:
    """Fit on the older cases and read the newer ones in both orders."""
    older, newer = split(examples)
    chance = np.array(model.fit(older).of([case.flags for case in newer]))
    exposure = np.array([case.exposure for case in newer], dtype=np.float64)
    upheld = np.array([case.upheld for case in newer], dtype=np.float64)
    first = max(1, round(len(newer) * _FIRST))
    return Gain(
        cases=len(newer),
        upheld=int(upheld.sum()),
        learned=round(precision(chance, exposure, upheld), 4),
        by_exposure=round(precision(exposure, exposure, upheld), 4),
        gain_at_least=round(_lower(chance, exposure, upheld), 4),
        first=first,
        first_learned=int(upheld[_order(chance, exposure)[:first]].sum()),
        first_by_exposure=int(upheld[_order(exposure, exposure)[:first]].sum()),
        brier=round(float(np.mean((chance - upheld) ** 2)), 4),
        bands=_bands(chance, upheld),
    )


def precision(by: Numbers, then: Numbers, upheld: Numbers) -> float:
    """Give the average precision of an order; 0 where nothing was upheld."""
    right = upheld[_order(by, then)]
    if not right.sum():
        return 0.0
    return float((np.cumsum(right) / np.arange(1, len(right) + 1))[right > 0].mean())


def _order(by: Numbers, then: Numbers) -> NDArray[np.int64]:
    return np.lexsort((-then, -by))


def _lower(chance: Numbers, exposure: Numbers, upheld: Numbers) -> float:
    """Give what the gain is at least, in 95 of 100 draws."""
    chooser, gains = np.random.default_rng(0), []
    for _ in range(_DRAWS):
        drawn = chooser.integers(0, len(upheld), len(upheld))
        by = chance[drawn], exposure[drawn], upheld[drawn]
        gains.append(precision(*by) - precision(by[1], by[1], by[2]))
    return float(np.percentile(gains, _LOWER))


def _bands(chance: Numbers, upheld: Numbers) -> tuple[tuple[float, float, int], ...]:
    band = np.minimum((chance * _BANDS).astype(int), _BANDS - 1)
    return tuple(
        (
            round(float(chance[band == at].mean()), 4),
            round(float(upheld[band == at].mean()), 4),
            int((band == at).sum()),
        )
        for at in range(_BANDS)
        if (band == at).any()
    )
