"""What each REST call answers, as JSON."""

from __future__ import annotations

from typing import Any, Final

from desk.approvals import carry_out
from desk.approvals.decide import SubjectSelection
from desk.papers.engagement import engagement
from desk.rest import suites
from desk.rest.bodies import ExecuteSuite, TaskAnswer
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.programme import progress, records
from tools.programme.records import ProgrammeStanding
from tools.store import Store, open_store, runs

_STARTING: Final = {"status": "running", "run_id": None, "phase": "starting"}


class CallerDesk:
    """The desk for one caller: settings, store, the caller's token."""

    def __init__(self, settings: Settings, token: str | None) -> None:
        self.settings, self._token = settings, token
        self.store: Store = open_store(settings.database_url)

    def execute_suite(self, body: ExecuteSuite) -> dict[str, Any]:
        """Have a programme started by the workers."""
        return suites.execute(self.store, self.settings, self._token, body)

    def status(self, run: str) -> dict[str, Any]:
        """Say how a programme stands: running, waiting, completed or failed."""
        if self.starts(run):
            return dict(_STARTING)
        whole = progress.progress(self.standing(run))
        return {key: whole[key] for key in ("status", "run_id", "name", "phase", "paused", "counts")}

    def progress(self, run: str) -> dict[str, Any]:
        """Give how far a programme is: overall_progress in percent, active_tasks, blocked, its end."""
        if self.starts(run):
            return {**_STARTING, "overall_progress": 0.0, "active_tasks": [], "blocked": {}}
        return progress.progress(self.standing(run))

    def final_report(self, run: str) -> dict[str, Any]:
        """Give the final report as it stands."""
        return engagement(self.settings, self.store, self.standing(run).run.run_id)

    def tasks(self, run: str) -> dict[str, Any]:
        """Give each task with its status, its worker, and why it stands where it does."""
        standing = self.standing(run)
        return {
            "run_id": standing.run.run_id,
            "tasks": [_task(standing, name) for name in standing.programme.steps],
        }

    def answer(self, task: str, body: TaskAnswer) -> dict[str, Any]:
        """Say a person's word about a failed task, and go on."""
        run_id = self.standing(body.run).run.run_id
        chosen = SubjectSelection(case=task)
        carry_out.carry_out(
            carry_out.prepare(self.settings, run_id, body.answer, chosen, self._token, note=body.note)
        )
        return _task(self.standing(run_id), task)

    def starts(self, run: str) -> bool:
        """Say whether the programme that is meant waits for a worker to open it."""
        return not run and suites.starting(self.store)

    def standing(self, run: str) -> ProgrammeStanding:
        """Give the programme that is meant; without a name the newest.

        Raises RunError while the newest is being started: the one before it is not meant.
        """
        if self.starts(run):
            raise RunError(
                "the programme that was asked for has not been opened yet.",
                remedy="A worker opens it ('tieout work'); or name the run that is meant.",
            )
        return records.load(self.store, records.find(self.store, run))

    def opened(self) -> str:
        """Name the run of the newest programme; "" while that waits for a worker to open it."""
        return "" if self.starts("") else records.find(self.store)

    def messages_after(self, run_id: str, number: int) -> tuple[list[tuple[int, str, dict[str, Any]]], bool]:
        """Give the messages behind a number, and whether the programme had ended before they were read.

        run_id "": of one that is not opened yet, which has none.
        """
        if not run_id:
            return [], False
        ended = runs.get(self.store, run_id).status in runs.FINAL
        messages = records.messages_after(self.store, run_id, number)
        return [(each.message_no, each.kind, each.body) for each in messages], ended


def _task(standing: ProgrammeStanding, name: str) -> dict[str, Any]:
    step, spec = standing.steps[name], standing.programme.steps[name]
    return {
        "task_id": name,
        "name": spec.task.name,
        "phase": spec.phase,
        "status": step.status,
        "worker": step.person or step.worker,
        "tries": step.tries,
        "why": progress.why(standing, name),
        "figures": step.figures,
        "error_type": step.error_kind,
        "remedies": step.remedies,
    }
