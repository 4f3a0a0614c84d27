"""What a change is tried on: its rules before and after, the cases of the tests that it moves, a past run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from tools.checks.case_files import CheckCase, cases_of
from tools.checks.house_tests import changed_tests, named_test
from tools.core.digest import digest
from tools.core.settings import Settings
from tools.feedback.replay import Moved, RecordedRun, recorded_run
from tools.front_desk.changes.draft import RuleDraft
from tools.rules.model import Rules
from tools.rules.test_header import BookTest, CheckName

MOST_CASES = 40


@dataclass(frozen=True)
class Trial:
    """One change on the bench. scratch: a folder of its own; run_folder: of the newest whole run, or None."""

    draft: RuleDraft
    before: Rules
    after: Rules
    settings: Settings
    scratch: Path
    run_folder: Path | None = None

    def under(self, after: Rules) -> Trial:
        """Give the same with other rules in place of the change."""
        return replace(self, after=after)

    @cached_property
    def moved(self) -> Moved:
        """Name the tests that find otherwise."""
        return changed_tests(self.before, self.after)

    @cached_property
    def recorded(self) -> RecordedRun | None:
        """Give the past run, where one is kept."""
        return recorded_run(self.settings, self.run_folder) if self.run_folder else None

    def test(self, check: CheckName, name: str) -> BookTest | None:
        """Give a test as the change has it; None where it takes the test away."""
        return named_test(self.after, check, name)

    def cases(self, check: CheckName, name: str) -> list[CheckCase]:
        """Give the cases that a test is held to: ours from its file, a new one's from the draft."""
        own = self.draft.own_cases() if name == self.draft.test and self.draft.cases else []
        return (own or cases_of(check, name))[:MOST_CASES]

    def folder(self) -> Path:
        """Give an empty folder."""
        return Path(tempfile.mkdtemp(dir=self.scratch))

    def findings(self, moved: Moved) -> Iterator[tuple[str, str]]:
        """Give digests of what these rules find: in each case of the moved tests, then in a past run."""
        for check, name in moved:
            test = self.test(check, name)
            for case in self.cases(check, name):
                rows = case.run_test(test, self.folder(), rules=self.after)[1] if test else []
                yield f"{name}: {case.words}", digest([_plain(row) for row in rows])
        if self.recorded is not None:
            flags = self.recorded.judged(self.after, self.folder() / "judged", moved)
            severities = {key: [row["severity"], row["confidence"]] for key, row in flags.items()}
            yield "a past run", digest(severities)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in row.items() if name in {"row_key", "score", "field", "partner_key"}
    }
