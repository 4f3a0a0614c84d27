"""`tieout users`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from desk.cli.columns import USERS
from desk.cli.options import AsCsv, AsJson
from desk.cli.rows import form_of, write

if TYPE_CHECKING:
    from tools.core.settings import Settings


def users(
    action: Annotated[
        Literal["list", "add", "disable"],
        typer.Argument(help="list; add a user and print the token, once; disable one for good."),
    ] = "list",
    user: Annotated[str | None, typer.Argument(help="The name that decisions record.")] = None,
    *,
    name: Annotated[str | None, typer.Option(help="The person's full name.")] = None,
    role: Annotated[
        list[str] | None,
        typer.Option(help="viewer, auditor, approver, admin or the senior role; repeatable."),
    ] = None,
    subject: Annotated[str | None, typer.Option(help="The name that JWTs have for this user.")] = None,
    no_token: Annotated[
        bool, typer.Option("--no-token", help="No token of ours: this user signs in by a JWT.")
    ] = False,
    new_token: Annotated[
        bool, typer.Option("--new-token", help="For a user who is there: a new token, the old one ends.")
    ] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Keep the users file (TIEOUT_USERS): who may do what. It holds digests of tokens, never a token.

    A token is printed on standard output, alone and once. What is changed holds at the next request.

    For example:

        tieout users

        tieout users add lee --name "Lee Ortiz" --role auditor --role approver

        tieout users disable lee
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from tools.core.errors import UsageError

    settings = begin()
    if action == "list":
        write(USERS, _rows(settings), form)
        return
    if user is None:
        raise UsageError("name the user.", remedy="For example: tieout users add lee --role approver")
    if action == "disable":
        _disable(settings, user)
    elif new_token:
        _renew(settings, user)
    else:
        _add(settings, user, name or user, role or [], subject, with_token=not no_token)


def _rows(settings: Settings) -> list[dict[str, Any]]:
    from tools.identity import users_file

    users = users_file.read(settings.users)
    entries = {**users.users, **users.disabled}
    return [
        {
            "user": user,
            "name": entry.name,
            "roles": entry.roles,
            "signs_in": [
                word for word, has in (("token", entry.token_sha256), ("JWT", entry.subject)) if has
            ],
            "status": "disabled" if entry.disabled else "active",
        }
        for user, entry in sorted(entries.items())
    ]


def _add(
    settings: Settings, user: str, name: str, roles: list[str], subject: str | None, *, with_token: bool
) -> None:
    from desk.cli.screen import err
    from tools.identity import edit_users
    from tools.identity.users_file import Entry

    _check(settings, roles)
    token, digest = _token() if with_token else ("", None)
    entry = Entry(name=name, roles=roles, token_sha256=digest, subject=subject)
    edit_users.add(settings.users, user, entry)
    err().print(f"Added {user} to {settings.users}.", soft_wrap=True)
    _print(token)


def _renew(settings: Settings, user: str) -> None:
    from tools.identity import edit_users

    token, digest = _token()
    edit_users.set_keys(settings.users, user, {"token_sha256": digest})
    _print(token)


def _disable(settings: Settings, user: str) -> None:
    from desk.cli.screen import err
    from tools.identity import edit_users

    edit_users.set_keys(settings.users, user, {"disabled": True})
    err().print(f"{user} is disabled, at once and everywhere.", soft_wrap=True)


def _check(settings: Settings, roles: list[str]) -> None:
    """Refuse roles that nothing here knows: whoever mistypes one would be let do nothing, in silence."""
    from tools.checks.rules_file import load_rules
    from tools.core.errors import UsageError
    from tools.identity.roles import MAY, STARTER

    senior = load_rules(settings.rules).severity.senior_role
    names = [*(role for role in MAY if role != STARTER), senior]
    unknown = [role for role in roles if role not in names]
    if unknown or not roles:
        what = f"there is no role '{unknown[0]}'." if unknown else "give at least one --role."
        raise UsageError(what, remedy=f"Roles are {', '.join(names)}.")


def _token() -> tuple[str, str]:
    """Make a token and its digest."""
    import hashlib
    import secrets

    token = secrets.token_urlsafe(32)
    return token, hashlib.sha256(token.encode()).hexdigest()


def _print(token: str) -> None:
    from desk.cli.screen import err

    if token:
        err().print("The token follows; it is kept nowhere, and cannot be shown again:", soft_wrap=True)
        print(token)
