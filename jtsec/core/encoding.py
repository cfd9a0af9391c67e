"""
The charset a client names, believed only where text can be read in it.

Django takes every name that Python knows a codec by, and some of those make bytes of
text, or know no way to pass over what they cannot read. A form in such a charset ends
in an error nobody expected, at every address and without a login.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from django.http import HttpRequest

BYTES: Final = bytes(one for one in range(256) if one != ord("\\"))
"""All but the one at which Python warns its own programmers (`unicode_escape`)."""


def forget_unreadable(request: HttpRequest) -> None:
    """Read a request in the default charset where the one it names reads nothing."""
    if request.encoding and not _reads(request.encoding):
        request.encoding = None  # type: ignore[assignment]  # the default charset


@lru_cache(maxsize=64)
def _reads(charset: str) -> bool:
    """Answer whether any bytes can be read in a charset, what is broken replaced."""
    try:
        BYTES.decode(charset, "replace")
    except (LookupError, ValueError):
        return False
    return True
