"""
The anchors that the settings name, by their kinds.

    file:/path/anchor.log       lines appended to a file, better on another machine
    syslog:/dev/log             or syslog:host:port (UDP); cannot be read back
    database:alias              a table in a second database
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from jtsec.audit.conf import audit_settings
from jtsec.core.exceptions import ConfigurationError

from .anchor import Anchor
from .database_anchor import DatabaseAnchor
from .file_anchor import FileAnchor
from .syslog_anchor import SyslogAnchor

KINDS: Final[Mapping[str, Callable[[str, str], Anchor]]] = MappingProxyType(
    {"file": FileAnchor, "syslog": SyslogAnchor, "database": DatabaseAnchor}
)


def anchors() -> list[Anchor]:
    """
    Return the anchors that the settings name.

    Raises:
        ConfigurationError: one of them is of no known kind.
    """
    return [anchor_of(name) for name in audit_settings().anchors]


def anchor_of(name: str) -> Anchor:
    """
    Return the anchor of a name such as "file:/var/log/jtsec.anchor".

    Raises:
        ConfigurationError: it is of no known kind.
    """
    kind, _colon, place = name.partition(":")
    if kind not in KINDS or not place:
        raise ConfigurationError(
            f"{name!r} is no anchor: file:/path, syslog:/path, syslog:host:port or "
            "database:alias"
        )
    return KINDS[kind](name, place)
