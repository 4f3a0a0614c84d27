"""Beside a server, notices are delivered for as long as it runs."""

from __future__ import annotations

import json
import threading

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from desk.notices.background import delivering
from tests.notices.conftest import notice
from tests.notices.servers import MailServer
from tools.notices import notice as notices
from tools.store import Store, outbox


def test_an_application_delivers_while_it_runs(
    store: Store, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is queued when it starts is delivered; when it ends, nothing of it is left running."""
    monkeypatch.setenv("TIEOUT_NOTIFY", json.dumps({"approvers": mail_server.url}))
    notices.tell(store, "ask", notice())
    waiting = threading.Event()
    with TestClient(Starlette(lifespan=delivering)):
        while outbox.pending(store):
            waiting.wait(0.05)
    assert len(mail_server.mails) == 1
    assert [thread.name for thread in threading.enumerate() if thread.name == "notices"] == []
