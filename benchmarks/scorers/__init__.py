"""What is measured: an ordered tuple of scorers, each for one kind of data set.

A scorer finds its data sets by their shape (which files, which columns) and gives figures for each.
A new data set of a known kind needs nothing here; a new kind is one module and one line below.
"""

from __future__ import annotations

from types import ModuleType
from typing import Final

from benchmarks.scorers import (
    cards,
    cash_application,
    claim_money,
    dirty_cells,
    duplicate_claims,
    exports,
    incidents,
    intents,
    kinds,
    labelled,
    made_causes,
    made_numbers,
    made_systems,
    own_intents,
    planted,
    questions,
    receivables,
    returned_mail,
    scheduling,
    statements,
    synthetic_pairs,
    two_sides,
    utility_bills,
    vendor_payments,
)

# Each module has find(root) -> list[DataSet] and score(data_set, work) -> list[Figure].
SCORERS: Final[tuple[ModuleType, ...]] = (
    exports, kinds, labelled, cards, two_sides, cash_application, vendor_payments, dirty_cells,
    synthetic_pairs, planted, scheduling, incidents, returned_mail, receivables,
    duplicate_claims, claim_money, statements, utility_bills,
    made_numbers, made_causes, made_systems, questions, own_intents, intents,
)  # fmt: skip
