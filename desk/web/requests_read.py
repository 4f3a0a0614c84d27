"""What of a request cannot be read, or is more than any form of ours sends: said before a page sees it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

LONGEST_BODY: Final = 1_000_000  # bytes; a note has 2,000 characters
TOO_LONG: Final = "That is more than a form of ours holds. Shorten it, and send it again."
_FORM: Final = "application/x-www-form-urlencoded"
_FILES: Final = "multipart/form-data"
SENDING: Final = "/books"  # the one form that sends files


def cleaned(scope: Scope) -> Scope:
    """Replace NULs of an address by U+FFFD, as the store does: no name has one, and PostgreSQL takes none."""
    path, query_string = str(scope["path"]), bytes(scope.get("query_string", b""))
    return {
        **scope,
        "path": path.replace("\x00", "\ufffd"),
        "query_string": query_string.replace(b"%00", b"%EF%BF%BD"),
    }


def unreadable(scope: Scope, headers: Headers) -> str:
    """Say what is wrong with a request's own words; "" where it can be read."""
    for name in ("host", "origin"):
        if not _is_address(f"//{headers.get(name, '')}" if name == "host" else headers.get(name, "")):
            return f"The browser sent a {name.title()} that is no address. Open the page by its own address."
    if scope["method"] == "POST" and sends_files(scope, headers):
        return ""
    if "content-type" in headers and scope["method"] == "POST" and not _is_form(headers["content-type"]):
        return "That is not how a form of ours is sent. Load the page again, and send its form."
    return ""


def sends_files(scope: Scope, headers: Headers) -> bool:
    """Whether a request brings files to the page that takes them."""
    path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return path == SENDING and kind == _FILES


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.port is None or bool(parts.netloc)
    except ValueError:
        return False


def _is_form(content_type: str) -> bool:
    kind, _, parameters = content_type.partition(";")
    name, _, charset = parameters.partition("=")
    encoding = charset.strip().strip('"').lower()
    return kind.strip().lower() == _FORM and (not name.strip() or encoding in ("utf-8", "utf8"))


class Limited:
    """Receives a body of so many bytes at most, by default of a form's size. Raises HTTPException beyond."""

    def __init__(self, receive: Receive, most: int = LONGEST_BODY, refusal: str = TOO_LONG) -> None:
        self.receive, self.size, self.most, self.refusal = receive, 0, most, refusal

    async def __call__(self) -> Message:
        """Give the next message."""
        message = await self.receive()
        self.size += len(message.get("body", b""))
        if self.size > self.most:
            raise HTTPException(413, self.refusal)
        return message
