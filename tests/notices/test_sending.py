"""Messages reach mail, Slack, Teams and webhooks, in words that nobody's name can turn into markup."""

from __future__ import annotations

import json
import logging

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from desk import logs
from desk.notices.deliver import deliver
from desk.notices.sending import HEADER, send
from desk.notices.text import NoticeText, harmless
from tests.notices.conftest import notice
from tests.notices.servers import MailServer, WebServer
from tools.core import settings
from tools.notices import notice as notices
from tools.store import Store, outbox

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
TEAMS = "workflows://prod.example.com:443/643e8c4c5d9b4f27/signature-of-teams"
HOSTILE = "Pine\r\nBcc: all@evil.example <b>x</b> *y* [pay](https://evil.example) @channel \x1b[31m"


def _limits_with(monkeypatch: pytest.MonkeyPatch, **urls: object) -> settings.Settings:
    monkeypatch.setenv("TIEOUT_NOTIFY", json.dumps(urls))
    monkeypatch.setenv("TIEOUT_PAGES_URL", "http://127.0.0.1:2024/desk/")
    return settings.load()


def test_a_mail_says_what_is_asked(
    store: Store, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What, how much, why, what happens on each answer, and a link; under the message's own id."""
    limits = _limits_with(monkeypatch, approvers=mail_server.url)
    recipients = notices.tell(store, "ask-flags-1", notice())
    delivery = deliver(store, limits)
    (mail,) = mail_server.mails
    (queued,) = [
        outbox.message_id_of(outbox.Origin("run", notice().origin_id), "ask-flags-1", name)
        for name in recipients
    ]
    body = mail.get_body()
    assert (delivery.sent, mail["Message-ID"]) == (1, f"<{queued}@books.example>")
    assert mail["Subject"] == "Tieout: 1 case to decide (CRITICAL, Harbour)"
    assert body is not None
    assert body.get_content_type() == "text/plain"
    text = body.get_content()
    for words in ("Pine", "12400.50 USD", "Invoice 77", "approve: the flags stand", "2 people have to agree"):
        assert words in text
    assert "http://127.0.0.1:2024/desk/cases/c1" in text


def test_slack_teams_and_webhooks_get_the_same(
    store: Store, web_server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each at its own address and in its own shape; a webhook can tell repeats by body and header."""
    limits = _limits_with(
        monkeypatch, slack=SLACK, teams=TEAMS, hook=f"json://127.0.0.1:{web_server.port}/hook-secret"
    )
    notices.tell(store, "ask-flags-1", notice())
    assert deliver(store, limits).sent == 3
    by_host = {request.host.partition(":")[0]: request for request in web_server.requests}
    assert set(by_host) == {"hooks.slack.com", "prod.example.com", "127.0.0.1"}
    for request in web_server.requests:
        assert "12400.50 USD" in json.dumps(request.body).replace("\\", "")  # Teams' text is escaped
    hook = by_host["127.0.0.1"]
    queued = outbox.message_id_of(outbox.Origin("run", notice().origin_id), "ask-flags-1", "hook")
    assert hook.body["message_id"] == hook.headers[HEADER] == hook.headers["Idempotency-Key"] == queued


def test_a_hostile_name_stays_text(
    store: Store, mail_server: MailServer, web_server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No header, markup, mention, link or control character gets in by what a vendor is called."""
    limits = _limits_with(monkeypatch, mail=mail_server.url, slack=SLACK, teams=TEAMS)
    notices.tell(store, "ask-flags-1", notice(title=f"1 case of {HOSTILE}", vendor=HOSTILE))
    assert deliver(store, limits).sent == 3
    (mail,) = mail_server.mails
    body = mail.get_body()
    assert body is not None
    assert mail["Bcc"] is None
    texts = [
        str(mail["Subject"]),
        body.get_content(),
        *(json.dumps(request.body) for request in web_server.requests),
    ]
    for text in texts:
        for sign in ("<b>", "*y*", "](", "@channel", "@evil", "https://evil", "evil.example", "\x1b"):
            assert sign not in text


@given(st.text())
def test_harmless_text_has_no_signs(text: str) -> None:
    """Whatever it is made of, it is one line without a sign that a channel reads."""
    line = harmless(text)
    assert not set(line) & set("<>[]{}`*_|~\\@&#\r\n\x1b")
    assert "://" not in line
    assert len(line.splitlines()) <= 1


def test_an_amount_stays_readable() -> None:
    """Points of numbers are no domains."""
    assert harmless("12,400.50 USD to amzn.com") == "12,400.50 USD to amzn·com"


def test_names_are_masked_where_it_is_set(
    store: Store, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A masked recipient reads tokens; amounts and the link stay."""
    limits = _limits_with(monkeypatch, outside={"url": mail_server.url, "masked": True})
    notices.tell(store, "ask-flags-1", notice(vendor="Quillfeather Ltd"))
    deliver(store, limits)
    text = mail_server.mails[0].as_string()
    assert "Quillfeather" not in text
    assert "VENDOR" in text
    assert "12400.50" in text


@pytest.mark.parametrize("url", [SLACK, TEAMS, "json://127.0.0.1:9/hook-secret", "hook-secret-place"])
def test_an_address_is_in_no_error_and_no_log(
    url: str, web_server: WebServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A failure says why; the address, which is a secret, is struck out, at every level of logging."""
    web_server.status = 500
    monkeypatch.setenv("TIEOUT_LOG_LEVEL", "DEBUG")
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.DEBUG)
    logs.configure(settings.load())
    error = send(url, NoticeText("m", "title", "body"))
    structlog.reset_defaults()
    assert error
    for secret in ("T1JJ3T3L2", "TIiajkdnlazkcOXrIdevi7FQ", "signature-of-teams", "hook-secret"):
        assert secret not in error + capsys.readouterr().err


def test_what_is_no_address_is_said_so() -> None:
    """A typing error in a setting is an error of the message, not of the desk."""
    assert "no address that Apprise knows" in send("mailto-place", NoticeText("m", "title", "body"))


def test_settings_show_no_address(monkeypatch: pytest.MonkeyPatch, mail_server: MailServer) -> None:
    """Printed, the settings mask every address."""
    limits = _limits_with(
        monkeypatch, approvers=mail_server.url, seniors={"url": mail_server.url, "risks": ["CRITICAL"]}
    )
    assert "hush-hush" not in str(limits.notify) + repr(limits)
    assert "hush-hush" in limits.notify["seniors"].url.get_secret_value()


def test_logs_strike_an_address_out(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever logs an address of the settings logs stars."""
    limits = _limits_with(monkeypatch, approvers=mail_server.url)
    monkeypatch.setattr(logging.root, "handlers", [])
    logs.configure(limits)
    logging.getLogger("other").error("sending to %s", mail_server.url)
    structlog.reset_defaults()
    errors = capsys.readouterr().err
    assert "sending to ***" in errors
    assert "hush-hush" not in errors
