"""Files that are called .xls or .txt and are none: HTML, Excel's XML, lines of labels."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.core.errors import SourcesError
from tools.ledger.readers.file_format import format_of
from tools.ledger.readers.labelled_text import LabelledText
from tools.ledger.readers.workbook import Workbook

HTML = """<html><style>td {color: red}</style><body><table><tr><td>Acme</td><td>Bank</td></tr></table>
<TABLE><tr><th>Date<th>Text<th colspan=2>Amount<tr><td>05/01/2024<td>Office<br>rent &amp; more<td>-500.00<td>
<tr><td>19/01/2024</td><td><b>Client</b></td><td>750.00</td><td></td></tr></TABLE></body></html>"""
XML = """<?xml version="1.0"?>
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="List"><Table>
<Row><Cell><Data ss:Type="String">Date</Data></Cell><Cell><Data ss:Type="String">Text</Data></Cell>
<Cell><Data ss:Type="String">Amount</Data></Cell></Row>
<Row><Cell><Data ss:Type="DateTime">2024-01-05T00:00:00.000</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="Number">-0.3</Data></Cell></Row></Table></Worksheet></Workbook>"""
LABELLED = """From: 01/01/2024 to 31/01/2024

Account: XXXX 1234

Date: 31/01/2024
Description: DIRECT DEBIT: O2
Amount: -31.20

Date: 29/01/2024
Description:
Amount: 200.00
"""


def _cells(path: Path, text: str) -> list[list[str]]:
    path.write_text(text, encoding="utf-8")
    book = Workbook(path, None, 0, ",")
    return [list(book.names), *(list(row.cells) for row in book.rows())]


def test_tables_of_html(tmp_path: Path) -> None:
    """The longest table comes first; tags that nobody closed, entities, cells over two columns."""
    header, rent, client = _cells(tmp_path / "x.xls", HTML)
    assert format_of(tmp_path / "x.xls") == "html"
    assert [name for name in header if name] == ["Date", "Text", "Amount"]
    assert rent[:3] == ["05/01/2024", "Office rent & more", "-500.00"]
    assert client[:3] == ["19/01/2024", "Client", "750.00"]


def test_sheets_of_excels_xml(tmp_path: Path) -> None:
    """Days and numbers are values, empty cells that are not written are counted."""
    assert _cells(tmp_path / "x.xls", XML) == [["Date", "Text", "Amount"], ["2024-01-05", "", "-0,3"]]
    assert format_of(tmp_path / "x.xls") == "spreadsheet_xml"


def test_a_number_of_excels_xml_is_as_exact_as_it_is_written(tmp_path: Path) -> None:
    """More digits than a float has: not one is lost."""
    exact = XML.replace(">-0.3<", ">12345678901234567.89<")
    assert _cells(tmp_path / "x.xls", exact)[1][2] == "12345678901234567,89"


@pytest.mark.parametrize("attribute", ['ss:Index="99999999"', 'ss:MergeAcross="99999999"'])
def test_a_cell_beyond_the_last_column_is_refused(tmp_path: Path, attribute: str) -> None:
    """A few bytes that stand for millions of empty cells fill no memory."""
    with pytest.raises(SourcesError, match="column 99999999 is beyond"):
        _cells(tmp_path / "x.xls", XML.replace('ss:Index="3"', attribute))


def test_more_cells_than_a_file_may_have_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row far to the right is counted with all cells before it."""
    monkeypatch.setenv("TIEOUT_XML_ELEMENTS", "1000")
    row = '<Row><Cell ss:Index="16000"><Data ss:Type="Number">1</Data></Cell></Row>'
    with pytest.raises(SourcesError, match="more than 32,000 cells"):
        _cells(tmp_path / "x.xls", XML.replace("</Table>", f"{row * 3}</Table>"))


def test_broken_xml_is_refused_with_a_reason(tmp_path: Path) -> None:
    """A file that breaks off is no workbook that can be read, and says so."""
    with pytest.raises(SourcesError, match="no workbook that can be read"):
        _cells(tmp_path / "x.xls", XML[: len(XML) // 2])


def test_lines_of_labels(tmp_path: Path) -> None:
    """What comes again is a column, what stands once is a title; each posting has its own line."""
    path = tmp_path / "statement.txt"
    path.write_text(LABELLED)
    text = LabelledText(path)
    assert (format_of(path), list(text.names)) == ("labelled", ["Date", "Description", "Amount"])
    assert [(row.line, list(row.cells)) for row in text.rows()] == [
        (5, ["31/01/2024", "DIRECT DEBIT: O2", "-31.20"]),
        (9, ["29/01/2024", "", "200.00"]),
    ]
