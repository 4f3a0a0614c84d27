"""Signed tokens are taken from a named issuer, with keys that fit; and nobody is two people by them."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.server.loopback import is_here
from tests.server import jwts
from tools.core.errors import IdentityError, SettingsError, TieoutError
from tools.core.settings import Settings
from tools.identity.jwt_tokens import looks_like_one
from tools.identity.people import identify, sign_in


def settings(folder: Path, **changes: object) -> Settings:
    """Give settings that take the tests' tokens."""
    (folder / "jwks.json").write_text(json.dumps(jwts.jwks()))
    sound = {"jwt_issuer": jwts.ISSUER, "jwt_secret": jwts.SECRET, "jwt_keys": folder / "jwks.json"}
    return Settings.model_validate({"users": folder / "users.yaml", **sound, **changes})


def test_one_public_key_in_pem_will_do(tmp_path: Path) -> None:
    """RSA in PEM verifies RS256, and nothing else, whatever key the token names."""
    (tmp_path / "key.pem").write_text(jwts.public_pem())
    limits = settings(tmp_path, jwt_keys=tmp_path / "key.pem", jwt_secret=None)
    assert sign_in(jwts.by_rsa(), limits).user == "jo"
    for token in (jwts.by_ed(), jwts.by_secret(), jwts.by_confused_key(), jwts.unsigned()):
        with pytest.raises(IdentityError, match="is not taken"):
            sign_in(token, limits)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"jwt_issuer": ""}, "only from a named issuer"),
        ({"jwt_secret": "short"}, "shorter than 32 bytes"),
        ({"jwt_secret": None, "jwt_keys": "absent.json"}, "TIEOUT_JWT_KEYS.*No such file"),
        ({"jwt_secret": None, "jwt_keys": {"keys": []}}, "there is no key in it"),
        ({"jwt_secret": None, "jwt_keys": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}}, "no public RSA"),
        ({"jwt_secret": None, "jwt_keys": {"keys": [{"kty": "RSA", "d": "x"}]}}, "no public RSA"),
        ({"jwt_secret": None, "jwt_keys": "-----BEGIN PUBLIC KEY-----"}, "keys cannot be read"),
    ],
)
def test_keys_that_cannot_be_used_are_named(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    """A shared secret among public keys, a private key, a short secret: the setting is named."""
    keys = changed.get("jwt_keys")
    if isinstance(keys, dict) or (isinstance(keys, str) and keys.startswith("-")):
        text = json.dumps(keys) if isinstance(keys, dict) else keys
        (tmp_path / "given").write_text(text)
        changed = {**changed, "jwt_keys": tmp_path / "given"}
    with pytest.raises(SettingsError, match=message):
        sign_in(jwts.by_secret(), settings(tmp_path, **changed))


def test_a_user_of_the_file_is_one_person(tmp_path: Path) -> None:
    """By token and by JWT, under the subject that the file names: the same user, so one signature."""
    digest = hashlib.sha256(b"dana-token").hexdigest()
    (tmp_path / "users.yaml").write_text(
        f"users: {{dana: {{name: Dana, roles: [auditor], token_sha256: {digest}, subject: 'idp|77'}}}}"
    )
    limits = settings(tmp_path)
    by_token, by_jwt = sign_in("dana-token", limits), sign_in(jwts.by_secret(jwts.claims("IdP|77")), limits)
    assert (by_token.user, by_jwt.user, by_jwt.name) == ("dana", "dana", "Dana")
    assert (by_token.roles, by_jwt.roles) == (("auditor",), ("approver",))


@pytest.mark.parametrize("claim", ["realm_access.roles", "scope"])
def test_roles_lie_where_the_provider_puts_them(tmp_path: Path, claim: str) -> None:
    """Inside another claim, or as words of one text."""
    claims = {"realm_access": {"roles": ["approver", 7]}, "scope": "approver"}
    assert sign_in(
        jwts.by_secret(jwts.claims(**claims)), settings(tmp_path, jwt_roles_claim=claim)
    ).roles == ("approver",)


@given(st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{0,20}"))
def test_no_text_signs_in(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Whatever is sent instead of a token is refused in words, or is nobody signed in."""
    folder = tmp_path_factory.mktemp("any")
    with contextlib.suppress(TieoutError):
        assert not sign_in(text, settings(folder)).signed_in


def test_an_endless_token_is_not_parsed() -> None:
    """What is longer than any token is none."""
    assert not looks_like_one(f"{'a' * 20_000}.b.c")


@pytest.mark.parametrize("user", [None, type("User", (), {"identity": "dana", "display_name": "Dana"})()])
def test_a_run_that_nobody_sent_decides_nothing(tmp_path: Path, user: object) -> None:
    """On the Server, the process's own token never signs for a run without a user or without roles."""
    info = type("Info", (), {"user": user})()
    limits = settings(tmp_path, token="dana-token")
    assert not identify(info, "dana-token", limits).may("read")


@pytest.mark.parametrize(
    ("client", "headers", "local"),
    [
        ("127.0.0.1", {"host": "localhost:2024"}, True),
        ("::1", {"host": "[::1]:2024"}, True),
        ("127.0.0.1", {"host": "127.0.0.1", "origin": "https://smith.langchain.com"}, True),
        ("127.0.0.1", {"host": "127.0.0.1", "origin": "http://localhost:3000"}, True),
        ("203.0.113.9", {"host": "localhost"}, False),
        (None, {"host": "localhost"}, False),
        ("127.0.0.1", {}, False),
        ("127.0.0.1", {"host": "localhost.evil.example.com"}, False),
        ("127.0.0.1", {"host": "localhost", "origin": "null"}, False),
        ("127.0.0.1", {"host": "localhost", "origin": "https://localhost.evil.example.com"}, False),
        ("127.0.0.1", {"host": "localhost", "x-forwarded-for": "127.0.0.1"}, False),
    ],
)
def test_here_is_this_machine_alone(client: str | None, headers: dict[str, str], local: bool) -> None:
    """The other end's address, the name that was asked for, and where the page came from have to fit."""
    assert is_here(client, headers) is local
