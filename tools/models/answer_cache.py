"""Answers of models, kept over runs: the same question is not paid for twice.

A question is kept as its digest only, an answer as it came: both speak in tokens, never in names.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from tools.core.digest import digest


class Answers:
    """A folder of answers by question. Safe under threads and processes: an answer appears whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, question: object) -> bytes | None:
        """Give the answer to a question, None where none is kept."""
        try:
            return self._place(question).read_bytes()
        except OSError:
            return None

    def put(self, question: object, answer: str) -> None:
        """Keep an answer. A folder that cannot be written costs money, not the run."""
        place = self._place(question)
        draft = place.with_name(f".{place.name}.{uuid.uuid4().hex[:8]}")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(answer, encoding="utf-8")
            os.replace(draft, place)  # noqa: PTH105 - the atomic one, by its name
        except OSError:
            draft.unlink(missing_ok=True)

    def _place(self, question: object) -> Path:
        name = digest(question)
        return self.folder / name[:2] / f"{name}.json"
