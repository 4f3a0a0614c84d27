"""The desk for notebooks and scripts: what it holds as DataFrames, and the words that people say.

    from desk.api import Desk

    desk = Desk(token="...")
    desk.cases(show="decide")
    desk.approve("last", case="4f1c", note="seen with the bank")

The same code stands under the command line. Amounts are `decimal.Decimal` beside their `currency`, never
floats; days and times are ISO 8601 text. Needs the extra `notebook` (pandas).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

from desk import front_desk, reviews
from desk.approvals import carry_out
from desk.approvals.decide import SubjectSelection, Word
from desk.reviews import ReviewTarget
from desk.views import listings
from desk.views.approval_rows import approval_rows
from desk.views.run_overview import tests_of
from desk.views.run_results import Results, open_results
from desk.views.store_rows import flag_row
from tools.core import settings
from tools.core.errors import SettingsError
from tools.core.settings import Settings
from tools.identity import people
from tools.store import Store, flags, open_store, runs
from tools.store.models import FlagStatus, Review, RunStatus
from tools.store.queue_filters import QueueFilters, Show

if TYPE_CHECKING:
    import pandas as pd

SHARES: Final = ("confidence", "seconds")
MONEY: Final = ("amount", "exposure", "difference")


class Target(TypedDict, total=False):
    """What a person means, all that is asked where nothing is named; and why."""

    case: str
    flag: str
    severity: str
    note: str


class Desk:
    """One desk, as the settings name it, in one person's hands.

    token: says who decides and reviews; the setting TIEOUT_TOKEN where it is absent. Reading needs none.
    """

    def __init__(self, token: str | None = None, settings_: Settings | None = None) -> None:
        self.settings = settings_ or settings.load()
        own_token = self.settings.token.get_secret_value() if self.settings.token else None
        self._token = token or own_token
        self._pandas = _pandas()

    @property
    def store(self) -> Store:
        """Give the store."""
        return open_store(self.settings.database_url)

    def runs(self, *, status: RunStatus | None = None) -> pd.DataFrame:
        """Give runs, the newest first."""
        return self._frame(listings.run_rows(self.store, status=status))

    def cases(
        self,
        run: str | None = None,
        *,
        show: Show = "all",
        severity: str = "",
        status: str = "",
        review: str = "",
        vendor: str = "",
        test: str = "",
    ) -> pd.DataFrame:
        """Give cases, the greatest exposure first; show: decide, review or all."""
        filters = QueueFilters(
            show, severity, status, review, vendor, test, run_id=self._run(run) if run else ""
        )
        return self._frame(listings.case_rows(self.store, filters))

    def flags(
        self,
        run: str | None = None,
        *,
        severity: str | None = None,
        status: FlagStatus | None = None,
        vendor: str | None = None,
        case: str | None = None,
        review: Review | None = None,
    ) -> pd.DataFrame:
        """Give flags, the gravest first."""
        filters: flags.Filters = {
            "run_id": self._run(run) if run else None,
            "severity": severity,
            "status": status,
            "vendor": vendor,
            "case_id": case,
            "review": review,
        }
        return self._frame(listings.flag_rows(self.store, **filters))

    def findings(
        self, run: str = "last", *, check: str | None = None, test: str | None = None
    ) -> pd.DataFrame:
        """Give a run's findings, the highest score first."""
        return self._frame(self._results(run).findings(check=check, test=test))

    def matches(self, run: str = "last", *, pair: str | None = None) -> pd.DataFrame:
        """Give a run's matches, the least sure first."""
        return self._frame(self._results(run).matches(pair=pair))

    def breaks(
        self, run: str = "last", *, pair: str | None = None, reason: str | None = None
    ) -> pd.DataFrame:
        """Give a run's breaks, the largest first."""
        return self._frame(self._results(run).breaks(pair=pair, reason=reason))

    def tests(self, run: str = "last") -> pd.DataFrame:
        """Give what became of every test of a run: ran, not applicable, failed."""
        return self._frame(tests_of(self._results(run)))

    def approvals(self) -> pd.DataFrame:
        """Give what waits for a person, the longest waiting first: a row for each case still open."""
        return self._frame(approval_rows(self.store))

    def approve(self, run: str = "last", **target: Unpack[Target]) -> pd.DataFrame:
        """Approve what a run asks: all, or what `case`, `flag` or `severity` names; give what still waits.

        meant: case, flag, severity, note. Raises IdentityError, RunError or UsageError with the reason.
        """
        return self._say(run, "approve", target)

    def reject(self, run: str = "last", **target: Unpack[Target]) -> pd.DataFrame:
        """Reject it: flags are dismissed, a run stops at its gate. As `approve`."""
        return self._say(run, "reject", target)

    def skip(self, run: str = "last", **target: Unpack[Target]) -> pd.DataFrame:
        """Leave it undecided. As `approve`."""
        return self._say(run, "skip", target)

    def modify(
        self,
        run: str = "last",
        *,
        to: str | None = None,
        rules: Mapping[str, Any] | None = None,
        **target: Unpack[Target],
    ) -> pd.DataFrame:
        """Set the severity `to` of a case or flag, or thresholds: {"severity.bands.critical": 90}."""
        return self._say(run, "edit", target, severity_to=to, rules=rules)

    def ask(self, text: str, *, choose: int | None = None) -> dict[str, Any]:
        """Ask in plain words: kind, echo, result and choices, as `tieout ask --json` gives them.

        choose: which reading, where a sentence could mean several things.
        """
        return front_desk.ask(text, token=self._token, choose=choose).as_dict()

    def review(self, *flag: str, verdict: str, case: str | None = None, note: str = "") -> pd.DataFrame:
        """Say what flags, or those of a case, turned out to be; give them as they are now."""
        person = people.sign_in(self._token, self.settings)
        reviewed = reviews.review(self.store, person, ReviewTarget(flag, case), verdict, note)
        return self._frame(map(flag_row, reviewed))

    def _say(
        self,
        run: str,
        word: Word,
        target: Target,
        *,
        severity_to: str | None = None,
        rules: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        chosen = SubjectSelection(
            target.get("case"),
            target.get("flag"),
            target.get("severity"),
            rules=bool(rules) and target.get("case") is None,
        )
        prepared = carry_out.prepare(
            self.settings,
            run,
            word,
            chosen,
            self._token,
            severity_to=severity_to,
            rules=rules,
            note=target.get("note", ""),
        )
        carry_out.carry_out(prepared)
        rows = approval_rows(self.store)
        return self._frame(row for row in rows if row["run_id"] == prepared.run.run_id)

    def _run(self, name: str) -> str:
        return runs.find(self.store, name).run_id

    def _results(self, run: str) -> Results:
        return open_results(self.settings, self._run(run))

    def _frame(self, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
        frame: pd.DataFrame = self._pandas.DataFrame([_exact(row) for row in rows])
        for name in frame.columns:  # a whole number that is missing somewhere is no float
            values = frame[name].dropna()
            if frame[name].dtype == "float64" and (values % 1 == 0).all() and name not in SHARES:
                frame[name] = frame[name].astype("Int64")
        return frame


def _exact(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row whose amounts are decimals; an exposure in several currencies stays in words."""
    return {name: _decimal(value) if name in MONEY else value for name, value in row.items()}


def _decimal(value: object) -> object:
    return Decimal(value) if isinstance(value, str) and _is_number(value) else value


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()


def _pandas() -> Any:  # noqa: ANN401 - a module
    try:
        import pandas as pd
    except ImportError:
        raise SettingsError(
            "tables for notebooks need pandas.", place="desk.api", remedy="pip install 'tieout[notebook]'"
        ) from None
    return pd
