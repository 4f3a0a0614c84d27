"""Why a flag is dismissed: the reasons that people choose from."""

from __future__ import annotations

from typing import Final

OTHER: Final = "Another reason, in the note"
DISMISSALS: Final = (
    "It is explained by a document",
    "It was known and is settled",
    "The records are wrong, not the money",
    "Not worth following up",
    OTHER,
)
