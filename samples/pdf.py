"""A PDF of one page out of lines of text, byte for byte the same wherever it is written."""

from __future__ import annotations

from collections.abc import Sequence


def page(title: str, lines: Sequence[str]) -> bytes:
    """Write one page: a title and lines below it, in Helvetica."""
    shown = "".join(f"({_escaped(line)}) Tj 0 -18 Td " for line in (title, "", *lines))
    content = f"BT /F1 11 Tf 56 780 Td {shown}ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
        b"<< /Title (%b) >>" % _escaped(title).encode("latin-1"),
    ]
    document, places = bytearray(b"%PDF-1.4\n"), list[int]()
    for number, value in enumerate(objects, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%b\nendobj\n" % (number, value)
    start = len(document)
    document += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    document += b"".join(b"%010d 00000 n \n" % at for at in places)
    document += b"trailer\n<< /Size %d /Root 1 0 R /Info 7 0 R >>\n" % (len(objects) + 1)
    return bytes(document + b"startxref\n%d\n%%%%EOF\n" % start)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
