"""What reconciliation does otherwise in a longer book: every limit that depends on how many rows there are.

Below a limit everything is looked at. Above it the work is bounded: by a sample, by what is near, by rare
words, or slice by slice. A figure of any of them changes what a book of that length costs, and little else.
"""

from __future__ import annotations

from typing import Final

# Rounds: open rows of both sides.
ROUNDS_OF_PASSES: Final = 40_000  # in a longer book the passes go round once
RIVALS_OF_ALL: Final = (
    40_000  # in a longer one only rows of equal amounts under another name look for their own
)

# Learning: pairs that are enough to learn from.
SEEDS: Final = 20_000  # pairs of one amount that stand alone
RANDOM_PAIRS: Final = 20_000  # random pairs
RANDOM_PAIRS_OF_ONE_NAME: Final = 100_000
LIKENESSES: Final = 10_000  # kin whose names say how alike kin are
KIN_SAMPLED: Final = 500_000  # kin whose amounts say how many rows have a match that differs
REFERENCES_THAT_AGREE: Final = 2_000  # in amount, before those that differ are believed
ALIASED_MATCHES: Final = 300_000  # matches that names are learned from

# Names.
NAMES_COMPARED_WHOLE: Final = 16_000_000  # pairs; where there are more, rare trigrams look for them
TRIGRAMS_THAT_SEARCH: Final = 5  # of a name, the rarest
NAMES_OF_A_RARE_TRIGRAM: Final = 60  # that it may lead to

# Kin: rows of one name, or one number, within reach.
KIN_OF_ANY_AMOUNT: Final = 2_000_000  # pairs; where there are more, only near amounts are compared
KIN_OF_ONE_SIZE: Final = 200  # of a row; more of them can't be told apart
KIN_OF_A_SUM: Final = 200  # of a row; among more, sums are chance
KIN_AT_ONCE: Final = 8_000_000  # pairs in memory
CANDIDATES_AT_ONCE: Final = 2_000_000  # the same, of those that a break's nearest is among
CANDIDATES_OF_ALL: Final = 100  # of one row and one name; of more, those beside its amount are looked at
CANDIDATES_BESIDE: Final = 16  # on either side of a row's amount

# Sums and groups.
LARGE_SUMS: Final = 300  # rows with more than a few items, which are met in the middle one by one
CLUSTERS: Final = 5_000  # of leftovers of one party, the earliest first
ROWS_OF_A_PAYOUT: Final = 400
CELLS_SOLVED_EXACTLY: Final = 1_000_000  # rows by rows of one connected group
ROWS_TRIED_WITHOUT: Final = 60  # of a group whose every choice is tried without

# A cluster.
PAIR_OF_A_TASK: Final = 1_000_000  # rows of a pair that one task matches whole

# Writing.
CLAIMS_AT_ONCE: Final = 2_000_000
KEYS_AT_ONCE: Final = 4_000_000  # postings
CLAIMS_OF_A_SLICE: Final = 500_000
