"""Documents as sources: read whole, within limits, once; what cannot be read is kept with its reason."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from tests.evidence.conftest import ReadFiles, mail_bytes, pdf_bytes, raw_pdf
from tools.ledger.documents.cache import DocumentCache
from tools.ledger.documents.subprocess_reader import LATE_DOCUMENTS, DocumentLimits, DocumentReader
from tools.ledger.documents.threads import ThreadMail, threads
from tools.ledger.documents.worker import Rows

LOCKED = {
    "Encrypt": b"<< /Filter /Standard /V 1 /R 2 /O (%b) /U (%b) /P -4 >>" % (b"a" * 32, b"b" * 32),
    "ID": b"[(x)(x)]",
}
ENTRY = b"BEGIN:VEVENT\r\nUID:%b\r\nDTSTART:%b\r\nSUMMARY:%b\r\n%bEND:VEVENT\r\n"


DANA = {"from": "dana@desk.example", "to": "omar@desk.example"}


def _calendar(*entries: bytes) -> bytes:
    return b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + b"".join(entries) + b"END:VCALENDAR\r\n"


def _deep(levels: int) -> bytes:
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(levels)
    )
    return b"From: a@desk.example\nDate: Sat, 08 Mar 2025 09:00:00 +0000\n" + parts


def test_a_mail_is_read_as_its_reader_sees_it(read_files: ReadFiles) -> None:
    """Its id without brackets, its time in the entity's zone, its sender whole, its body as text."""
    books = read_files(
        "email", {"a.eml": mail_bytes("Gr\u00fc\u00dfe, approved.")}, timezone="America/New_York"
    )
    (mail,) = books.rows("SELECT * FROM email")
    assert mail == {
        "doc_id": "m1@desk.example",
        "thread_id": "m1@desk.example",
        "sent_at": datetime(2025, 3, 8, 4),  # noqa: DTZ001 - the entity's zone
        "sender": "Omar Reyes <omar@desk.example>",
        "recipients": "dana@desk.example",
        "subject": "INV-0077",
        "body": "Gr\u00fc\u00dfe, approved.",
        "attachments": None,
    }


def test_a_mailbox_is_its_mails_and_one_mail_in_two_boxes_is_one(read_files: ReadFiles) -> None:
    """Every mail of an .mbox; the copy in another box is counted and left out, its twin by id alone kept."""
    line = b"From dana@desk.example Sat Mar  8 09:00:00 2025\n"
    refusal = mail_bytes("From here on: not approved.", message_id="<m2@desk.example>")
    box = line + mail_bytes() + b"\n" + line + refusal.replace(b"\nFrom here", b"\n>From here") + b"\n"
    forged = mail_bytes("Something else under the same id")
    books = read_files("email", {"a.mbox": box, "copy.eml": mail_bytes(), "z.eml": forged})
    mails = books.rows("SELECT doc_id, thread_id, body FROM email ORDER BY ALL")
    assert sorted(row["doc_id"].partition("#")[0] for row in mails) == ["m1@desk.example"] * 2 + [
        "m2@desk.example"
    ]
    assert mails[-1]["body"] == "From here on: not approved."
    totals = books.rows("SELECT file, rows, filtered FROM control_total ORDER BY file")
    assert [(row["file"], row["rows"], row["filtered"]) for row in totals] == [
        ("in/a.mbox", 2, 0),
        ("in/copy.eml", 1, 1),
        ("in/z.eml", 1, 0),
    ]


def test_threads_follow_what_a_mail_answers(read_files: ReadFiles) -> None:
    """References and In-Reply-To join; so does "Re:" of a subject by one who was in it, not by a stranger."""
    mails = {
        "1.eml": mail_bytes("Can we pay?", message_id="<q@x>", **DANA),
        "2.eml": mail_bytes("Approved.", message_id="<a@x>", in_reply_to="<q@x>"),
        "3.eml": mail_bytes("And paid.", message_id="<b@x>", subject="Re: INV-0077",
                            date="Mon, 10 Mar 2025 09:00:00 +0000"),
        "4.eml": mail_bytes("Approved.", message_id="<c@x>", subject="Re: INV-0077",
                            **{"from": "x@evil.example", "to": "y@evil.example"}),
    }  # fmt: skip
    books = read_files("email", mails)
    threads = {row["doc_id"]: row["thread_id"] for row in books.rows("SELECT doc_id, thread_id FROM email")}
    assert threads == {"q@x": "b@x", "a@x": "b@x", "b@x": "b@x", "c@x": "c@x"}


def test_threads_do_not_depend_on_the_order_of_mails() -> None:
    """Whatever comes first in the folder."""
    at = datetime(2025, 3, 8)  # noqa: DTZ001 - the entity's zone
    letters = [
        ThreadMail(f"m{n}", "" if n % 3 else f"m{n + 4}", at, "Re: x", f"p{n % 2}@x.example")
        for n in range(12)
    ]
    assert threads(letters) == threads(letters[::-1])


def test_html_is_read_as_it_is_shown_and_attachments_are_told_apart(read_files: ReadFiles) -> None:
    """Nothing hidden is read; what is attached is text below its name, not the sender's words."""
    hidden = "<style>p{}</style><div style='display: none'>approved</div>"
    page = f"{hidden}<p>See the file.</p><blockquote>go ahead</blockquote>"
    attached = base64.b64encode(pdf_bytes("Order 4711")).decode()
    mail = (
        "From: omar@desk.example\nMessage-ID: <h@x>\nContent-Type: multipart/mixed; boundary=b\n\n"
        f"--b\nContent-Type: text/html; charset=no-such\n\n{page}\n--b\nContent-Type: application/pdf\n"
        'Content-Disposition: attachment; filename="order.pdf"\n'
        f"Content-Transfer-Encoding: base64\n\n{attached}\n--b--\n"
    )
    (row,) = read_files("email", {"h.eml": mail.encode()}).rows("SELECT body, attachments FROM email")
    assert row == {"body": "See the file.\n\n> go ahead", "attachments": "[order.pdf]\nOrder 4711"}


def test_a_calendar_is_its_entries_and_their_repeats(read_files: ReadFiles) -> None:
    """Times in the entity's zone, whole days as they are, rules written out less what they leave out."""
    fair = b"DTEND:20250308T160000Z\r\nATTENDEE;CN=Dana:mailto:d@x\r\n"
    weekly = b"RRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE;VALUE=DATE:20250310\r\n"
    data = _calendar(
        ENTRY % (b"one", b"20250308T143000Z", b"Fair", fair),
        ENTRY % (b"week", b"20250303", b"Shift", weekly),
    )  # fmt: skip
    books = read_files("calendar", {"c.ics": data}, timezone="America/New_York")
    events = books.rows("SELECT doc_id, starts_at, ends_at, title, attendees FROM event ORDER BY doc_id")
    assert [(row["doc_id"], str(row["starts_at"])) for row in events] == [
        ("one", "2025-03-08 09:30:00"),
        ("week", "2025-03-03 00:00:00"),
        ("week/2025-03-17", "2025-03-17 00:00:00"),
    ]
    assert (str(events[0]["ends_at"]), events[0]["attendees"]) == ("2025-03-08 11:00:00", "Dana <d@x>")


def test_documents_are_their_text(read_files: ReadFiles) -> None:
    """PDF, text in any charset, HTML; named by where they lie."""
    files = {
        "a.pdf": pdf_bytes("Contract 4711 with Acme"),
        "b.txt": "Gesch\u00e4ft".encode("cp1252"),
        "deep/c.html": b"<title>t</title><h1>Offer</h1><p>1,200.00",
    }
    books = read_files("document", files)
    assert [
        tuple(row.values()) for row in books.rows("SELECT doc_id, text, file FROM document ORDER BY doc_id")
    ] == [
        ("in/a.pdf", "Contract 4711 with Acme", "in/a.pdf"),
        ("in/b.txt", "Gesch\u00e4ft", "in/b.txt"),
        ("in/deep/c.html", "Offer\n\n1,200.00", "in/deep/c.html"),
    ]


LARGEST = DocumentLimits().size
LINES = (b"x" * 1023 + b"\n") * (LARGEST >> 10)
BOXED = b"From a Sat Mar  8 09:00:00 2025\n" + mail_bytes()
CUT = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n"
DAYLESS = _calendar(b"BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n")
BOMB = raw_pdf(b"BT (a) Tj ET " * 4_000_000, packed=True)
HOSTILE: Mapping[str, tuple[str, str, bytes, str]] = {
    "a broken PDF": ("document", "x.pdf", pdf_bytes()[:200], "is broken"),
    "no PDF at all": ("document", "x.pdf", b"hello", "is no PDF"),
    "an encrypted PDF": ("document", "x.pdf", pdf_bytes(more=LOCKED), "is encrypted"),
    "a scan": ("document", "x.pdf", raw_pdf(b"0 0 m"), "holds no text"),
    "a PDF that unpacks to much": ("document", "x.pdf", BOMB, "Limit"),
    "bytes that are no text": ("document", "x.txt", bytes(range(256)) * 4, "is no text"),
    "an empty text": ("document", "x.txt", b" \n", "holds no text"),
    "a format that is not read": ("document", "x.docx", b"PK", "reads .pdf, .txt, .md or .html"),
    "a mail among documents": ("document", "x.eml", mail_bytes(), "a source of kind document reads"),
    "a mail of 26 MB": (
        "email",
        "x.eml",
        mail_bytes() + b"x" * LARGEST,
        "is larger than 26,214,400 bytes (TIEOUT_DOCUMENT_BYTES)",
    ),
    "one in a mailbox": (
        "email",
        "x.mbox",
        BOXED + LINES,
        "is larger than 26,214,400 bytes (TIEOUT_DOCUMENT_BYTES)",
    ),
    "no mail": ("email", "x.eml", b"\xff\xd8\xff\xe0 a picture", "is no e-mail"),
    "a header without end": ("email", "x.eml", b"From: a\nTo: " + b"((" * 200_000, "its header is larger"),
    "parts in parts": ("email", "x.eml", _deep(3000), "is nested too deep"),
    "no calendar": ("calendar", "x.ics", b"hello", "could not be parsed"),
    "an entry that never ends": ("calendar", "x.ics", CUT, "no whole calendar"),
    "an entry without a day": ("calendar", "x.ics", DAYLESS, "without a start"),
}


GOOD = {
    "email": ("good.eml", mail_bytes()),
    "document": ("good.txt", b"good"),
    "calendar": ("good.ics", _calendar(ENTRY % (b"1", b"20250308", b"x", b""))),
}


@pytest.mark.parametrize("kind", GOOD)
def test_what_cannot_be_read_is_rejected_with_its_reason(read_files: ReadFiles, kind: str) -> None:
    """Never a traceback, never dropped, and the good document beside them is read."""
    hostile = {
        f"{number}{Path(file).suffix}": (name, data, reason)
        for number, (name, (of, file, data, reason)) in enumerate(HOSTILE.items())
        if of == kind
    }
    files = {file: data for file, (_, data, _) in hostile.items()}
    books = read_files(kind, {**files, GOOD[kind][0]: GOOD[kind][1]})
    rejected = books.rows("SELECT file, line, reason FROM rejected")
    reasons = {(row["file"], row["line"]): row["reason"] for row in rejected}
    assert len(rejected) == len(hostile)
    assert set(reasons) == {(f"in/{file}", 1) for file in hostile}
    for file, (name, _, reason) in hostile.items():
        assert reason in reasons[f"in/{file}", 1], name
    assert books.count({"calendar": "event"}.get(kind, kind)) == 1


def test_a_document_that_takes_too_long_is_given_up() -> None:
    """A rule that repeats for ever without a day is stopped, and the next document is read."""
    slow = _calendar(
        ENTRY % (b"1", b"20250308T090000Z", b"x", b"RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\n")
    )
    with DocumentReader(DocumentLimits(seconds=0.5)) as reader:
        assert reader.read("text", b"warm")[1]
        (row,), lasting = reader.read("ics", slow)
        assert (row["problem"], lasting) == (
            "could not be read within 0.5 s (TIEOUT_DOCUMENT_SECONDS)",
            False,
        )
        assert reader.read("text", b"next")[0][0]["text"] == "next"


def test_a_folder_full_of_slow_documents_ends() -> None:
    """After some that took all of their time, the others have a tenth of it."""
    rule = b"RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\n"
    slow = _calendar(ENTRY % (b"1", b"20250308T090000Z", b"x", rule))
    with DocumentReader(DocumentLimits(seconds=0.4)) as reader:
        problems = []
        for _ in range(LATE_DOCUMENTS + 1):
            assert reader.read("text", b"warm")[1]
            problems.append(reader.read("ics", slow)[0][0]["problem"])
    each = [f"could not be read within {seconds} s (TIEOUT_DOCUMENT_SECONDS)" for seconds in ("0.4", "0.04")]
    assert problems == [each[0]] * LATE_DOCUMENTS + each[1:]


def test_what_was_left_out_is_said() -> None:
    """A PDF with more pages and a mail with more parts than are read say so, and how to read more."""
    attached = b"\r\n--b\r\nContent-Type: text/plain; name=n.txt\r\n\r\nword"
    head = b"From: a@x\r\nContent-Type: multipart/mixed; boundary=b\r\n"
    with DocumentReader(DocumentLimits(parts=3)) as reader:
        ((row,), _) = reader.read("mail", head + attached * 8 + b"\r\n--b--")
    assert row["attachments"].count("word") == 3
    assert row["attachments"].endswith("[only 3 parts were read: TIEOUT_MAIL_PARTS]")
    with DocumentReader(DocumentLimits(pages=2)) as reader:
        ((row,), _) = reader.read("pdf", _pages(5))
    assert row["text"].count("page") == 2 + 1
    assert row["text"].endswith("[only 2 pages were read: TIEOUT_DOCUMENT_PAGES]")


def _pages(count: int) -> bytes:
    """Give a PDF of so many pages, each of which says so."""
    from io import BytesIO  # noqa: PLC0415 - here alone

    import pypdf  # noqa: PLC0415 - here alone

    page = pypdf.PdfReader(BytesIO(pdf_bytes("page")))
    writer, out = pypdf.PdfWriter(), BytesIO()
    for _ in range(count):
        writer.append(page)
    writer.write(out)
    return out.getvalue()


def test_a_document_is_parsed_once(read_files: ReadFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run takes what the index holds, and only what is new goes to the reader."""
    first = read_files("email", {"a.eml": mail_bytes()}, run="one").rows("SELECT * FROM email")
    parsed: list[bytes] = []
    parse = DocumentReader.read

    def counting_parse(reader: DocumentReader, form: str, data: bytes) -> tuple[Rows, bool]:
        parsed.append(data)
        return parse(reader, form, data)

    monkeypatch.setattr(DocumentReader, "read", counting_parse)
    new = mail_bytes(message_id="<new@x>")
    again = read_files("email", {"b.eml": new}, run="two").rows("SELECT * FROM email ORDER BY doc_id")
    assert (parsed, again[0]) == ([new], first[0])


def test_the_index_stays_few_files_and_survives_damage(tmp_path: Path) -> None:
    """Many small files become one; a damaged one is read anew."""
    for number in range(45):
        index = DocumentCache(tmp_path)
        index.put(f"d{number}", [{"text": str(number)}])
        index.save()
    files = sorted(tmp_path.rglob("*.parquet"))
    assert len(files) < 25
    assert DocumentCache(tmp_path).get("d3") == [{"text": "3"}]
    for path in files:
        path.write_bytes(b"damaged")
    assert DocumentCache(tmp_path).get("d3") is None
