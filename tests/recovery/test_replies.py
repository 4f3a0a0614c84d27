"""What comes in is read for what it is, and never taken for more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from samples.generate import FOLDER
from tools.recovery.replies import classify, inbox

RETURNED = yaml.safe_load(Path(__file__).with_name("returned_mails.yaml").read_text(encoding="utf-8"))
SAMPLE = [classify.read(mail) for mail in inbox.mails(FOLDER / "recovery" / "replies.mbox")]


def test_the_samples_answers_are_read() -> None:
    """One of each kind, the day of return and the addresses that failed among it."""
    assert [reading.kind for reading in SAMPLE] == [
        "paid", "dispute", "question", "auto_reply", "bounce", "bounce", "complaint", "opt_out", "unsure",
    ]  # fmt: skip
    assert str(SAMPLE[3].not_before) == "2026-01-12"
    bounces = [(bounce.recipient, bounce.reason, bounce.hard) for mail in SAMPLE for bounce in mail.bounces]
    assert bounces == [
        ("accounts@redfern.example", "userunknown", True),
        ("accounts@sable.example", "mailboxfull", False),
    ]


@pytest.mark.parametrize("returned", RETURNED, ids=[mail["system"] for mail in RETURNED])
def test_whatever_mail_system_returns_a_letter_it_is_read(returned: dict[str, Any]) -> None:
    """Every address that failed is named, with the reason, and whether another letter could arrive."""
    reading = classify.read(returned["mail"].encode())
    bounces = [(bounce.recipient, bounce.reason) for bounce in reading.bounces]
    expected = [text.split(" ") for text in returned["failed"]]
    assert len(bounces) == len(expected)
    for (recipient, reason), (address, reasons) in zip(bounces, expected, strict=True):
        assert recipient == address
        assert reason in reasons.split("|")
    if "hard" in returned:
        assert [bounce.hard for bounce in reading.bounces] == returned["hard"]


@pytest.mark.parametrize(
    "text",
    [
        "The mail server of our bank could not deliver your statement, please call us.",
        "We paid on Monday. Please stop.",
        "Undeliverable goods were returned to you last week.",
        "",
    ],
)
def test_what_a_person_writes_is_no_bounce(text: str) -> None:
    """Words of mail systems in a person's letter make no returned mail of it."""
    mail = f"From: Ada Finch <ada@alder.example>\nTo: us@small.example\nSubject: Re: Money\n\n{text}\n"
    assert classify.read(mail.encode()).kind != classify.BOUNCE


def test_a_quoted_letter_does_not_count() -> None:
    """What our own letter said is not what was answered."""
    text = "Could you send us a copy?\n\n> we have paid the invoice twice\n"
    mail = f"From: a@b.example\nSubject: Re: Money\n\n{text}"
    assert classify.read(mail.encode()).kind == "question"


def test_an_inbox_is_left_as_it_is(tmp_path: Path) -> None:
    """Reading a folder of mails removes nothing from it."""
    (tmp_path / "one.eml").write_bytes(b"From: a@b.example\nSubject: x\n\nhello\n")
    assert len(list(inbox.mails(tmp_path))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["one.eml"]
