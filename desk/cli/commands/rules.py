"""`tieout rules`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from desk.cli.columns import RULES
from desk.cli.decide import Note
from desk.cli.options import AsCsv, AsJson, TokenFile
from desk.cli.rows import form_of, write

if TYPE_CHECKING:
    from tools.store import Store


def rules(
    action: Annotated[
        Literal["versions", "changes", "diff", "rollback"],
        typer.Argument(help="versions that runs went by; changes that feedback made; diff; rollback."),
    ] = "versions",
    name: Annotated[
        str | None, typer.Argument(help="diff: a version; rollback: the proposal that was applied.")
    ] = None,
    *,
    note: Note = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show the versions of the rules, and take back what feedback changed.

    A rollback takes one change out of the rules file; every other line of it stays.

    For example:

        tieout rules changes

        tieout rules rollback p4k2 --note "they were wrong after all"
    """
    form = form_of(as_json, as_csv)
    from desk.cli.screen import err
    from desk.cli.startup import begin, token_of
    from tools.core.errors import UsageError
    from tools.store import open_store, rule_versions

    settings = begin()
    store = open_store(settings.database_url)
    if action == "versions":
        write(RULES, (version.as_dict() for version in rule_versions.list_versions(store)), form)
        return
    if action == "changes":
        write(RULES, _changes(store), form)
        return
    if name is None:
        raise UsageError(
            "name it.", remedy=f"'tieout rules {'versions' if action == 'diff' else 'changes'}'."
        )
    if action == "diff":
        _diff(store, name)
        return
    from desk import feedback

    feedback.roll_back(store, name, token=token_of(settings, token_file), note=note)
    err().print(f"Taken back: {settings.rules} is as it was without {name}.", style="good", soft_wrap=True)


def _changes(store: Store) -> list[dict[str, Any]]:
    from tools.store import proposals

    return [
        {
            **change.as_dict(),
            "digest": change.after_digest,
            "saved_at": change.at,
            "reason": f"{change.what}: {change.reason}",
        }
        for change in proposals.changes(store)
    ]


def _diff(store: Store, name: str) -> None:
    from desk.cli.screen import out
    from desk.views.safe_text import visible
    from tools.core.errors import RunError
    from tools.store import rule_versions

    versions = [version for version in rule_versions.list_versions(store) if version.digest.startswith(name)]
    if len(versions) != 1:
        raise RunError(f"there is no one version '{name}'.", remedy="'tieout rules versions' lists them.")
    for line in versions[0].diff.splitlines():
        out().print(visible(line), soft_wrap=True)
