"""`tieout users` keeps the users file: digests alone, one user's lines at a time."""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.desk.shell import tieout
from tools.approvals.struck import struck
from tools.core.errors import IdentityError
from tools.core.settings import Settings
from tools.identity import edit_users, users_file
from tools.identity.people import sign_in
from tools.identity.users_file import Entry

DIGEST = hashlib.sha256(b"token").hexdigest()
USERS_TEXT = f"""\
# Who works here. Ask Kim before you change it.
users:
  # the first
  dana:
    name: "Dana: Okafor"  # with a colon
    roles:
    - auditor
    - approver
    token_sha256: {DIGEST}

  sam: {{name: Sam Reyes, roles: [controller], subject: sam@example.org}}

# the end
"""


def test_a_new_user_signs_in_with_the_token_that_is_shown_once(tmp_path: Path) -> None:
    """It stands alone on standard output; the file, made with mode 0600, has its digest."""
    path = tmp_path / "users.yaml"
    added = tieout(
        "users",
        "add",
        "lee",
        "--name",
        "Lee Ortiz",
        "--role",
        "auditor",
        "--role",
        "controller",
        cwd=tmp_path,
    )
    assert added.returncode == 0, added.stderr
    token = added.stdout.rstrip("\n")
    assert len(token) >= 43
    assert token not in added.stderr + path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    person = sign_in(token, Settings(users=path))
    assert (person.user, person.name, person.roles) == ("lee", "Lee Ortiz", ("auditor", "controller"))
    rows = json.loads(tieout("users", "--json", cwd=tmp_path).stdout)
    assert rows == [
        {
            "user": "lee",
            "name": "Lee Ortiz",
            "roles": ["auditor", "controller"],
            "signs_in": ["token"],
            "status": "active",
        }
    ]


def test_a_disabled_user_is_nobody_and_the_name_stays_taken(tmp_path: Path) -> None:
    """The token opens nothing, a new one ends the old one, and no new person takes the name."""
    path = tmp_path / "users.yaml"
    first = tieout("users", "add", "lee", "--role", "approver", cwd=tmp_path).stdout.strip()
    second = tieout("users", "add", "lee", "--new-token", cwd=tmp_path).stdout.strip()
    with pytest.raises(IdentityError, match="belongs to nobody"):
        sign_in(first, Settings(users=path))
    assert sign_in(second, Settings(users=path)).user == "lee"
    assert tieout("users", "disable", "lee", cwd=tmp_path).returncode == 0
    with pytest.raises(IdentityError, match="belongs to nobody"):
        sign_in(second, Settings(users=path))
    again = tieout("users", "add", "lee", "--role", "viewer", cwd=tmp_path)
    assert (again.returncode, "there is a user 'lee' already" in again.stderr) == (1, True)
    assert json.loads(tieout("users", "--json", cwd=tmp_path).stdout)[0]["status"] == "disabled"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("add",), 2, "name the user"),
        (("add", "lee"), 2, "give at least one --role"),
        (("add", "lee", "--role", "aprover"), 2, "there is no role 'aprover'. Roles are viewer, auditor"),
        (("add", "Lee", "--role", "viewer"), 1, "small letters"),
        (("add", "tieout", "--role", "viewer"), 1, "the trail itself uses the name 'tieout'"),
        (("disable", "lee"), 1, "there is no user 'lee'"),
        (("add", "lee", "--new-token"), 1, "there is no user 'lee'"),
    ],
)
def test_what_makes_no_user_is_refused(
    tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    """In one sentence, and nothing is written."""
    refused = tieout("users", *words, cwd=tmp_path)
    assert (refused.returncode, message in refused.stderr) == (code, True), refused.stderr
    assert not (tmp_path / "users.yaml").exists()


def test_the_rest_of_the_file_stays_as_it_is(tmp_path: Path) -> None:
    """Comments, order, quotes and other users: only the lines of the one who changes are new."""
    path = tmp_path / "users.yaml"
    path.write_text(USERS_TEXT)
    edit_users.add(path, "lee", Entry(name="Lee", roles=["viewer"], token_sha256="a" * 64))
    edit_users.set_keys(path, "dana", {"disabled": True})
    edit_users.set_keys(path, "sam", {"disabled": True})
    lines = path.read_text().splitlines()
    sam = next(line for line in USERS_TEXT.splitlines() if line.startswith("  sam"))
    assert [line for line in USERS_TEXT.splitlines() if line not in lines] == [sam]
    assert [line for line in lines if line not in USERS_TEXT.splitlines()] == [
        "    disabled: true",
        sam.replace("}", ", disabled: true}"),
        "  lee:",
        "    name: Lee",
        "    roles: [viewer]",
        f"    token_sha256: {'a' * 64}",
    ]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text",
    [
        "",
        "users: {}\n",
        "users:\n",
        "users:",
        "# nobody yet\n",
        "users: {dana: {name: D, roles: [viewer]}}",
    ],
)
def test_any_way_to_write_few_users_takes_another(tmp_path: Path, text: str) -> None:
    """Empty, braces or nothing behind the key."""
    path = tmp_path / "users.yaml"
    path.write_text(text)
    edit_users.add(path, "lee", Entry(name="Lee", roles=["viewer"]))
    assert "lee" in users_file.read(path).users
    assert ("dana" in text) == ("dana" in users_file.read(path).users)


NAMES = st.from_regex(r"\A[a-z0-9][a-z0-9._@-]{0,12}\Z").filter(lambda name: name not in users_file.RESERVED)
ENTRIES = st.builds(
    Entry,
    name=st.text(min_size=1, max_size=20),
    roles=st.lists(st.sampled_from(["viewer", "on", "1e3", "null", "a: b", "#x"]), max_size=3),
    subject=st.none()
    | st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=9),
)


@given(people=st.dictionaries(NAMES, ENTRIES, min_size=1, max_size=4), position=st.integers(0, 3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_put_in_is_read_back(tmp_path: Path, people: dict[str, Entry], position: int) -> None:
    """Whatever names people have, the file says just that, or it is refused and stays as it was."""
    path = tmp_path / "users.yaml"
    path.write_text(USERS_TEXT)
    expected = users_file.read(path).users
    for user, entry in people.items():
        try:
            edit_users.add(path, user, entry)
        except IdentityError:
            assert user in expected or entry.subject in {old.subject for old in expected.values()} - {None}
        else:
            expected[user] = entry
        assert users_file.read(path).users == expected
    user = list(expected)[position % len(expected)]
    edit_users.set_keys(path, user, {"disabled": True})
    assert set(users_file.read(path).users) == set(expected) - {user}
    assert path.read_text().startswith(USERS_TEXT.splitlines()[0])


def test_people_added_at_once_are_all_there(tmp_path: Path) -> None:
    """Whoever changes the file does it alone."""
    path = tmp_path / "users.yaml"
    threads = [
        threading.Thread(target=edit_users.add, args=(path, f"u{number}", Entry(name="U", roles=["viewer"])))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(users_file.read(path).users) == len(threads)


def test_a_disabled_user_does_not_come_back_by_a_jwt(tmp_path: Path) -> None:
    """Neither under the name of the users file nor under that of the identity provider."""
    path = tmp_path / "users.yaml"
    path.write_text(USERS_TEXT)
    secret = "a secret of at least thirty-two bytes"
    limits = Settings(users=path, jwt_issuer="https://id.example.org", jwt_secret=SecretStr(secret))
    claims = {"iss": limits.jwt_issuer, "aud": limits.jwt_audience, "exp": 4102444800, "roles": ["approver"]}
    tokens = [jwt.encode({**claims, "sub": name}, secret) for name in ("sam@example.org", "sam")]
    assert [sign_in(token, limits).user for token in tokens] == ["sam", "sam"]
    edit_users.set_keys(path, "sam", {"disabled": True})
    for token in tokens:
        with pytest.raises(IdentityError, match="was disabled"):
            sign_in(token, limits)


def test_a_signature_of_a_disabled_user_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where an identity provider knows people whom the file does not."""
    path = tmp_path / "users.yaml"
    path.write_text(USERS_TEXT)
    monkeypatch.setenv("TIEOUT_USERS", str(path))
    monkeypatch.setenv("TIEOUT_JWT_ISSUER", "https://id.example.org")
    monkeypatch.setenv("TIEOUT_JWT_SECRET", "a secret of at least thirty-two bytes")
    assert struck(["dana", "elsewhere"], "flags") == frozenset()
    edit_users.set_keys(path, "dana", {"disabled": True})
    assert struck(["dana", "elsewhere"], "flags") == {"dana"}
