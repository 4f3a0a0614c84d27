"""Only a token from the users file says who somebody is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tools.core.errors import IdentityError
from tools.core.settings import Settings
from tools.identity.people import Person, sign_in


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


USERS = f"""
users:
  dana: {{name: Dana Okafor, roles: [auditor, approver], token_sha256: {_digest("dana-token")}}}
  sam: {{name: Sam Reyes, roles: [controller], token_sha256: {_digest("sam-token")}}}
"""


def _settings(folder: Path, text: str | bytes | None) -> Settings:
    path = folder / "users.yaml"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Settings(users=path)


def test_a_token_names_its_person(tmp_path: Path) -> None:
    """The bearer of a listed token is that user, with that user's roles; a final newline does not matter."""
    person = sign_in("sam-token\n", _settings(tmp_path, USERS))
    assert person == Person(user="sam", name="Sam Reyes", roles=("controller",))
    assert (person.signed_in, person.has("controller"), person.has("approver")) == (True, True, False)


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_one_may_only_start(tmp_path: Path, token: str | None) -> None:
    """Nobody needs a users file to start a run and to read."""
    person = sign_in(token, _settings(tmp_path, None))
    assert (person.signed_in, person.roles) == (False, ("starter",))
    assert person.user == f"local:{person.name}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (USERS, "belongs to nobody"),
        (None, "cannot be read (No such file or directory)"),
        (b"\xff\xfe", "not UTF-8"),
        ("users: [", "not YAML"),
        ("users: {dana: {name: D, roles: [], token_sha256: abc}}", "users.dana.token_sha256"),
        (f"users: {{'local:root': {{name: R, roles: [], token_sha256: {_digest('r')}}}}}", "users.(a key)"),
        (USERS.replace(_digest("sam-token"), _digest("dana-token")), "the same token_sha256"),
        ("- a", "users.yaml: users"),
    ],
)
def test_what_cannot_be_trusted_is_refused(tmp_path: Path, text: str | bytes | None, message: str) -> None:
    """A wrong token, or a users file that cannot be relied on, is an error that names its place."""
    with pytest.raises(IdentityError) as caught:
        sign_in("wrong-token", _settings(tmp_path, text))
    assert message in str(caught.value)
    assert "wrong-token" not in str(caught.value)
