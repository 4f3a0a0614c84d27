from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ReadLimits(BaseModel):
    """How much is read at most, so that no file takes the machine."""

    model_config = ConfigDict(frozen=True)

    yaml_bytes: int = Field(1_000_000, ge=1000, description="Size of a sources, rules or users file at most.")
    yaml_depth: int = Field(50, ge=5, le=200, description="How deep such a file is nested at most.")
    yaml_values: int = Field(
        100_000, ge=100, description="Values of such a file at most, each alias counted as all that it names."
    )
    xml_bytes: int = Field(
        1_000_000_000,
        ge=1000,
        description="Size at most of a statement in XML, and of one part of a workbook.",
    )
    xml_depth: int = Field(100, ge=10, description="How deep such XML is nested at most.")
    xml_elements: int = Field(
        1_000_000,
        ge=1000,
        description="Elements of one row or entry in it at most, and of all that is beside.",
    )
    xml_records: int = Field(5_000_000, ge=1000, description="Rows or entries in it at most.")
    cell_bytes: int = Field(1_000_000, ge=1000, description="Size at most of one text or tag in it: a cell.")
    unpacked_bytes: int = Field(2_000_000_000, ge=1000, description="What a workbook unpacks to at most.")
    archive_parts: int = Field(10_000, ge=10, description="How many parts it has at most.")
    upload_bytes: int = Field(
        200_000_000, ge=1000, description="What a person may send to the pages at once, all files together."
    )
    upload_files: int = Field(100, ge=1, le=1000, description="How many files that are at most.")
    upload_seconds: float = Field(600.0, gt=0, description="Time at most to look at what was sent.")
    document_bytes: int = Field(
        25 << 20, ge=1000, le=1 << 30, description="Size at most of one mail, calendar, PDF or text."
    )
    document_seconds: float = Field(
        10.0, gt=0, description="Processor time to read one of them; by the clock, six times that."
    )
    document_pages: int = Field(500, ge=1, description="Pages of a PDF that are read.")
    mail_parts: int = Field(200, ge=1, description="Parts of a mail that are read: texts and attachments.")
