"""A users file that breaks while the desk runs signs nobody out; whoever is struck from it is out at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from desk.web.app import pages
from tests.clocks import TurnedClock
from tests.graph.small import TOKENS, users
from tools.core import settings
from tools.core.errors import IdentityError
from tools.identity import people, users_file
from tools.operations import health

BROKEN = ("", "users: [", "users: {dana: {name: Dana}}", "\x00", "users: {dana: &a {roles: *a}}")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the users file of a desk that nobody has read yet."""
    users(tmp_path)
    monkeypatch.setenv("TIEOUT_USERS", str(tmp_path / "users.yaml"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/tieout.db")
    return tmp_path / "users.yaml"


def user_of(name: str) -> str:
    """Sign in with a user's token; give who that is."""
    return people.sign_in(TOKENS[name], settings.load()).user


@pytest.mark.parametrize("text", BROKEN)
def test_the_last_good_one_stays(path: Path, text: str) -> None:
    """Half written, it changes nothing, and health says what is wrong; put right, it counts at once."""
    assert user_of("dana") == "dana"
    good = path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    assert user_of("dana") == "dana"
    (part,) = [part for part in health.check(settings.load()) if part.name == "users"]
    assert (part.level, str(path) in part.message) == ("error", True)
    path.write_text(good.replace("dana:", "dora:", 1), encoding="utf-8")
    assert user_of("dana") == "dora"


@pytest.mark.parametrize("text", BROKEN)
def test_a_file_that_was_never_good_is_an_error(path: Path, text: str) -> None:
    """At a start there is no last good one: the file is named, and nobody is anybody."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IdentityError, match=r"users\.yaml"):
        user_of("dana")


def test_a_file_that_is_gone_for_long_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor takes it away for a moment; who deletes it means it."""
    clock = TurnedClock()
    monkeypatch.setattr(users_file, "clock", lambda: clock)
    assert user_of("dana") == "dana"
    path.unlink()
    assert user_of("dana") == "dana"
    clock.sleep(users_file.GONE.total_seconds() + 1)
    with pytest.raises(IdentityError, match="cannot be read"):
        user_of("dana")


def test_pages_keep_who_is_signed_in(path: Path) -> None:
    """A session outlives a broken file, and ends with a file that no longer names its user."""
    site = Starlette(routes=[Mount("/desk", pages())])
    with TestClient(site, base_url="http://127.0.0.1:2024", client=("192.0.2.7", 5)) as browser:
        text = browser.get("/desk/sign-in").text
        csrf = text.partition('name="csrf" value="')[2].partition('"')[0]
        browser.post("/desk/sign-in", data={"csrf": csrf, "token": TOKENS["dana"]})
        good = path.read_text(encoding="utf-8")
        for content, status in ((good, 200), ("users: [", 200), (good.replace("dana:", "dora:", 1), 200)):
            path.write_text(content, encoding="utf-8")
            assert browser.get("/desk/runs", follow_redirects=False).status_code == status
        path.write_text("users: {}\n", encoding="utf-8")
        assert browser.get("/desk/runs", follow_redirects=False).status_code == 303
