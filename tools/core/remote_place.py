"""A place of fsspec (S3 ...) that cannot be reached: which setting or file names it, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tools.core.errors import TieoutError, UnreachableError

EXTRAS: Final = {"s3": "s3", "s3a": "s3"}  # scheme of a URL: the extra whose packages read it
_LONGEST: Final = 300


@contextmanager
def reached(url: str, place: str, refusal: type[TieoutError], *, name: str, remedy: str) -> Iterator[None]:
    """Raise what helps, whatever a driver raises: `refusal` where waiting does not, else UnreachableError.

    name: what is not reached, "the workspace". remedy: what to write instead of a place that is none.
    """
    try:
        yield
    except TieoutError:
        raise
    except (FileNotFoundError, ImportError, ValueError) as error:
        raise _wrong(error, url, place, refusal, name=name, remedy=remedy) from None
    except PermissionError as error:
        raise refusal(
            f"access to {name} is refused: {_words(error)}.",
            place=place,
            remedy="Give its credentials as its driver takes them (for S3: AWS_ACCESS_KEY_ID ...).",
        ) from None
    except Exception as error:
        raise UnreachableError(
            f"{name} cannot be reached: {_words(error)}.", place=place, remedy="Try again when it is back."
        ) from error


def _wrong(
    error: Exception, url: str, place: str, refusal: type[TieoutError], *, name: str, remedy: str
) -> TieoutError:
    scheme = url.partition("://")[0]
    if isinstance(error, FileNotFoundError):
        return refusal(
            f"there is no such place: {_words(error)}.",
            place=place,
            remedy="Make the bucket or folder first.",
        )
    if isinstance(error, ImportError) and scheme in EXTRAS:
        return refusal(
            f"'{scheme}' needs the extra '{EXTRAS[scheme]}'.",
            place=place,
            remedy=f"pip install 'tieout[{EXTRAS[scheme]}]'",
        )
    return refusal(f"{name} cannot be there: {_words(error)}.", place=place, remedy=remedy)


def _words(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:_LONGEST].rstrip(".")
