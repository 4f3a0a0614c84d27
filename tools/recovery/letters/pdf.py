"""A letter as PDF, to print or to attach: text as it stands, evidence in columns.

of_letter(row) -> bytes     row: as drafting.as_row gives it
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import import_module, util
from pathlib import Path
from typing import Any, Final

from tools.core.errors import SettingsError, UsageError
from tools.recovery.letters.tables import is_table

_MARGIN: Final = 25.0  # mm
_SIZE: Final = 10.5  # points
_LINE: Final = 5.2  # mm
_WIDEST: Final = 160.0  # mm between the margins of A4
_WRAPPED: Final = 60  # characters: a longer line was broken only because a mail's lines are short


def of_letter(row: Mapping[str, Any]) -> bytes:
    """Lay a letter out on A4. Raises SettingsError without fpdf2, UsageError for letters no font has."""
    sheet = _sheet(row)
    sheet.multi_cell(0, _LINE, _head(row), new_x="LMARGIN", new_y="NEXT")
    sheet.ln(_LINE)
    sheet.set_font(style="B")
    sheet.multi_cell(0, _LINE, str(row["subject"]), new_x="LMARGIN", new_y="NEXT")
    sheet.set_font(style="")
    for paragraph, in_columns in _paragraphs(str(row["body"])):
        sheet.ln(_LINE / 2)
        _put(sheet, paragraph, in_columns=in_columns)
    return bytes(sheet.output())


def _head(row: Mapping[str, Any]) -> str:
    day = _day(row)
    return f"{row['headers'].get('From', '')}\n\nTo: {row['recipient']}\n{day:%Y-%m-%d}"


def _day(row: Mapping[str, Any]) -> datetime:
    moment = row["sent_at"] or row["drafted_at"]
    return moment if isinstance(moment, datetime) else datetime.fromisoformat(str(moment))


def _paragraphs(body: str) -> Iterator[tuple[str, bool]]:
    """Give each paragraph, and whether it is a table in columns; other lines that a mail broke are joined."""
    for block in re.split(r"\n\s*\n", body.strip()):
        if is_table(block):
            yield block, True
        else:
            yield re.sub(rf"(?m)(?<=[^\n]{{{_WRAPPED}}})\n(?=\S)", " ", block), False


def _put(sheet: Any, paragraph: str, *, in_columns: bool) -> None:  # noqa: ANN401 - FPDF, imported late
    if not in_columns:
        sheet.multi_cell(0, _LINE, paragraph, new_x="LMARGIN", new_y="NEXT")
        return
    family = sheet.font_family
    sheet.set_font("Mono" if family == "sans" else "courier", size=_SIZE)
    widest = max(sheet.get_string_width(line) for line in paragraph.splitlines())
    size = _SIZE * min(0.85, (_WIDEST - 2) / widest)
    sheet.set_font_size(size)
    for line in paragraph.splitlines():
        sheet.cell(0, _LINE * 0.85, line, new_x="LMARGIN", new_y="NEXT")
    sheet.set_font(family, size=_SIZE)


def _sheet(row: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the same
    try:
        fpdf = import_module("fpdf")
    except ImportError:
        raise SettingsError(
            "letters as PDF need the library fpdf2, which is not installed.",
            remedy="Install it: pip install 'tieout[letters]'.",
        ) from None
    sheet = fpdf.FPDF(format="A4")
    sheet.set_margins(_MARGIN, _MARGIN, _MARGIN)
    sheet.set_auto_page_break(auto=True, margin=_MARGIN)
    sheet.core_fonts_encoding = "cp1252"
    sheet.set_creation_date(_day(row))
    sheet.set_title(str(row["letter_id"]))
    _choose_font(sheet, f"{_head(row)}{row['subject']}{row['body']}")
    sheet.add_page()
    return sheet


def _choose_font(sheet: Any, text: str) -> None:  # noqa: ANN401 - the same
    """Take the fonts that every reader has where they have all characters, else matplotlib's DejaVu."""
    if _is_western(text):
        sheet.set_font("helvetica", size=_SIZE)
        return
    folder = _dejavu()
    if folder is not None:
        for family, name in (("Sans", "DejaVuSans"), ("Mono", "DejaVuSansMono")):
            sheet.add_font(family, "", folder / f"{name}.ttf")
            sheet.add_font(family, "B", folder / f"{name}-Bold.ttf")
        sheet.set_font("Sans", size=_SIZE)
    lacking = sorted({c for c in text if c.isprintable() and not _has(sheet, c)} - {" "})
    if folder is None or lacking:
        raise UsageError(
            f"no font at hand has {', '.join(lacking[:5]) or 'all characters of this letter'}.",
            remedy="Send it as mail, which needs no font; 'tieout letters' shows its text.",
        )


def _is_western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _has(sheet: Any, character: str) -> bool:  # noqa: ANN401 - the same
    font = sheet.fonts.get("sans")
    return font is not None and ord(character) in font.cmap


def _dejavu() -> Path | None:
    spec = util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return folder if (folder / "DejaVuSans.ttf").is_file() else None
