"""`tieout abandon`."""

from __future__ import annotations

from desk.cli.decide import Note
from desk.cli.options import ActRun, TokenFile


def abandon(run: ActRun, *, note: Note = "", token_file: TokenFile = None) -> None:
    """End a run without a result, and give its books back to be audited by a later run.

    Whoever started it may do that, or who is signed in as an approver.

    For example:

        tieout abandon 20251231-3fa9c1 --note "wrong sources file"
    """
    from desk.cli.screen import err
    from desk.cli.startup import begin, token_of
    from tools.core.errors import IdentityError, RunError
    from tools.identity import people
    from tools.store import open_store, runs, trail, windows

    settings = begin()
    store = open_store(settings.database_url)
    row = runs.find_any(store, run)
    person = people.sign_in(token_of(settings, token_file), settings)
    if person.user != row.started_by and not person.may("decide"):
        raise IdentityError(
            f"{person.user} did not start run {row.run_id}.", remedy="An approver may abandon it too."
        )
    if row.status in ("closed", "abandoned"):
        raise RunError(f"run {row.run_id} is {row.status} already.")
    with store.begin():
        windows.abandon(store, row.run_id, by=person.user, reason=note)
        trail.append(store, row.run_id, person.user, "abandon", details={"note": note}, once="abandon")
    err().print(f"Run {row.run_id} is abandoned; its books will be audited again.", soft_wrap=True)
