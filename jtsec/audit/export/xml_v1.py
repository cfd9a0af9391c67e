"""
Form v1: XML in GBK, as the first platforms take it.

GBK holds some 21,900 characters, Unicode many more: a rare name, an emoji. Those are
written as numeric character references, which every XML reader turns back; a question
mark in their place would be a different name. What XML cannot hold at all, as control
characters, is written visibly.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .log_entry import Kind, LogEntry

NAME: Final = "v1"
SUFFIX: Final = "xml"
HEAD: Final = '<?xml version="1.0" encoding="GBK"?>\n'

USER: Final = (
    ("Num_ID", "number"),
    ("User_ID", "user_id"),
    ("Organization", "organisation"),
    ("Organization_ID", "organisation_id"),
    ("User_Name", "user_name"),
    ("Terminal_ID", "terminal_id"),
    ("Operate_Time", "at"),
    ("Operate_Type", "type"),
    ("Operate_Result", "result"),
    ("Error_Code", "error_code"),
    ("Operate_Name", "name"),
    ("Operate_Condition", "condition"),
)
INTERFACE: Final = (
    ("Num_ID", "number"),
    ("Interface_Name", "name"),
    ("Requester", "requester"),
    ("User_ID", "user_id"),
    ("Organization", "organisation"),
    ("Organization_ID", "organisation_id"),
    ("User_Name", "user_name"),
    ("Interface_Time", "at"),
    ("Interface_Result", "result"),
    ("Terminal_ID", "terminal_id"),
    ("Error_Code", "error_code"),
    ("Interface_Condition", "condition"),
)
FIELDS: Final = {Kind.USER: USER, Kind.INTERFACE: INTERFACE}

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def row(entry: LogEntry) -> str:
    """Return one `Log` element."""
    fields = "".join(
        f"<{name}>{escape(str(getattr(entry, attribute)))}</{name}>"
        for name, attribute in FIELDS[entry.kind]
    )
    return f"<Log>{fields}</Log>"


def size(row: str) -> int:
    """Return how many bytes an element takes in the document."""
    return len(encode(row))


def document(system_id: str, rows: Sequence[str]) -> bytes:
    """Return the whole document, in GBK."""
    logs = "\n".join(rows)
    return encode(
        f"{HEAD}<Aspt><Version>1.0</Version><RegID>{escape(system_id)}</RegID>"
        f"<Logs>\n{logs}\n</Logs></Aspt>\n"
    )


def escape(text: str) -> str:
    """Return text as it stands between two tags; nothing of it can be markup."""
    visible = _NOT_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    escaped = visible.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A reader turns a bare carriage return into a line feed.
    return escaped.replace("\r", "&#13;")


def encode(text: str) -> bytes:
    """Return GBK; what it lacks as `&#…;`."""
    return text.encode("gbk", "xmlcharrefreplace")
