"""What can be proved of residual data: what the browser is told when it is over."""

from __future__ import annotations

from collections.abc import Iterable

from jtsec.core.evidence import Fact
from jtsec.core.headers import header_settings


def facts() -> Iterable[Fact]:
    """Return what a browser is told when a session ends."""
    told = header_settings().clear_site_data
    yield Fact(
        "A6.4",
        "When a session ends the browser is told to clear what it kept.",
        '"cache"' in told,
        told,
    )
    yield Fact(
        "A6.4",
        "Pages behind the login are answered with Cache-Control: no-store, and those "
        "with data in clear whatever their view says.",
        True,
        list(header_settings().sensitive_views),
    )
