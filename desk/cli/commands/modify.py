"""`tieout modify`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from desk.cli.decide import Flag, Note, answer
from desk.cli.options import ActRun, AsJson, TokenFile


def modify(
    run: ActRun,
    *,
    to: Annotated[
        Literal["CRITICAL", "WARNING", "INFO"] | None,
        typer.Option("--to", case_sensitive=False, help="The severity that a case or flag is."),
    ] = None,
    put: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="A threshold of the rules, for the whole run; of a programme, what changes for the task.",
            metavar="KEY=VALUE",
        ),
    ] = None,
    case: Annotated[
        str | None, typer.Option("--case", help="The case, or the task of a programme.", metavar="CASE")
    ] = None,
    flag: Flag = None,
    note: Note = "",
    token_file: TokenFile = None,
    as_json: AsJson = False,
) -> None:
    """Change the severity of a case or flag, or thresholds, or a failed task of a programme.

    What is changed is judged again, and asked again.

    Thresholds of judgement (severity...) judge this run again. Those that could find other rows (suspects...,
    tests...) start a new run over the same books, linked to this one, which is given up. It takes as many
    people as the gravest flag that waits.

    For example:

        tieout modify 20251231-3fa9c1 --case 4f1c --to WARNING --note "insured"

        tieout modify 20251231-3fa9c1 --set severity.bands.critical=90 --note "as agreed in March"

        tieout modify 20260112-7be204 --case CAS2 --set person=dora --note "cem is ill"
    """
    from tools.core.errors import UsageError

    if bool(put) == (to is not None):
        raise UsageError("give --to for a case or flag, or --set for thresholds.")
    if to is not None and case is None and flag is None:
        raise UsageError("name the case, or the flag.", remedy="Give --case CASE or --flag FLAG.")
    if put and flag:
        raise UsageError("thresholds are the whole run's.", remedy="Leave --flag out.")
    code = answer(
        run,
        "edit",
        case=case,
        flag=flag,
        severity_to=to,
        rules=_rules(put or []),
        note=note,
        token_file=token_file,
        as_json=as_json,
    )
    raise typer.Exit(code)


def _rules(pairs: list[str]) -> dict[str, Any]:
    from tools.core import bounded_yaml
    from tools.core.bounded_yaml import YamlError
    from tools.core.errors import UsageError

    changes = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"'{pair}' is no KEY=VALUE.", remedy="For example: severity.bands.critical=90")
        try:
            changes[key.strip()] = bounded_yaml.load(value)
        except YamlError:
            raise UsageError(f"the value of '{key}' is no YAML.") from None
    return changes
