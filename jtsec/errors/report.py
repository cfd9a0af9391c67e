"""
What the developers read: the content of a sealed error, as compressed JSON.

Plain Python, so that a code is opened on a machine that has no project and no
database.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass, fields

from .exceptions import MalformedCode

VERSION = 1
TRACE_LIMIT = 48_000
"""Characters of a trace that are kept: the beginning, and the end with the error."""

OPENED_LIMIT = 1_000_000
"""Bytes a code may unpack to; anybody with the public key can make one."""


@dataclass(frozen=True)
class Report:
    """
    One error.

    Args:
        reference: what the visitor was shown.
        at: when, ISO 8601 with zone.
        kind: the exception's class with its module.
        trace: the traceback as text, without local variables.
        request_id: ties it to the events of the request.
        method: of the request.
        path: of the request, without its query.
        user: the identity's UID, or the login name, or "".
        profile: the compliance profile of the project.
        settings: the settings module.
        versions: of Python, Django and jtsec.
    """

    reference: str
    at: str
    kind: str
    trace: str
    request_id: str = ""
    method: str = ""
    path: str = ""
    user: str = ""
    profile: str = ""
    settings: str = ""
    versions: str = ""

    def to_bytes(self) -> bytes:
        """Return it compressed, the trace cut to its limit."""
        content = {"v": VERSION} | asdict(self) | {"trace": _cut(self.trace)}
        text = json.dumps(content, ensure_ascii=True, sort_keys=True)
        return zlib.compress(text.encode("ascii"), 9)

    @classmethod
    def from_bytes(cls, packed: bytes) -> Report:
        """
        Return what `to_bytes` packed.

        Raises:
            MalformedCode: something else was packed, or something far too large.
        """
        unpacker = zlib.decompressobj()
        try:
            text = unpacker.decompress(packed, OPENED_LIMIT)
            content = json.loads(text) if unpacker.eof else {}
        except (zlib.error, ValueError) as error:
            raise MalformedCode("The code was opened and holds no report.") from error
        if not isinstance(content, dict) or content.get("v") != VERSION:
            raise MalformedCode("The code holds a report of an unknown version.")
        return cls(
            **{item.name: str(content.get(item.name, "")) for item in fields(cls)}
        )

    def as_text(self) -> str:
        """Return it for a terminal; what a visitor sent cannot command it."""
        lines = [
            f"{item.name}: {getattr(self, item.name)}"
            for item in fields(self)
            if item.name != "trace"
        ]
        return visible("\n".join([*lines, "", self.trace]))


def visible(text: str) -> str:
    """Return a text whose control characters, but line ends and tabs, are spelled."""
    return "".join(
        one if one.isprintable() or one in "\n\t" else f"\\u{{{ord(one):x}}}"
        for one in text
    )


def _cut(trace: str) -> str:
    if len(trace) <= TRACE_LIMIT:
        return trace
    half = TRACE_LIMIT // 2
    return f"{trace[:half]}\n… [{len(trace) - TRACE_LIMIT}] …\n{trace[-half:]}"
