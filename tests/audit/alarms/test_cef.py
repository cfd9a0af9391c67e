"""An alarm in CEF and syslog, byte by byte."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtsec import __version__
from jtsec.audit.alarms.cef import (
    cef_line,
    in_extension,
    in_header,
    syslog_message,
)

MESSAGE: dict[str, Any] = {
    "format": "jtsec-alarm/1",
    "delivery": "019ab000-0000-7000-8000-000000000002",
    "alarm": "019ab000-0000-7000-8000-000000000001",
    "rule": "audit:rule:high-frequency",
    "name": "高频访问",
    "level": 40,
    "level_name": "重要",
    "why": "raised",
    "first": "2026-11-22T05:00:00.000000Z",
    "last": "2026-11-22T05:04:59.999999Z",
    "occurrences": 3,
    "summary": "预警（重要）：高频访问。",
    "at": "2026-11-22T05:05:00.123456Z",
}


def test_the_vector_of_the_reference():
    """The line stands in docs/reference/formats.md as it is here."""
    assert cef_line(MESSAGE) == (
        f"CEF:0|jtsec|jtsec|{__version__}|audit:rule:high-frequency|高频访问|8|"
        "externalId=019ab000-0000-7000-8000-000000000002 cat=raised cnt=3 "
        "start=1795323600000 end=1795323900000 rt=1795323900123 "
        "cs1Label=alarm cs1=019ab000-0000-7000-8000-000000000001 "
        "msg=预警（重要）：高频访问。"
    )
    assert syslog_message(MESSAGE, "host").startswith(
        b"<106>1 2026-11-22T05:05:00.123456Z host jtsec - alarm - \xef\xbb\xbfCEF:0|"
    )


def test_plain_ascii_needs_no_mark():
    """The mark says UTF-8 (RFC 5424, 6.4)."""
    plain = {**MESSAGE, "name": "Often", "summary": "Often."}
    assert b" alarm - CEF:0|" in syslog_message(plain, "host")


@pytest.mark.parametrize(
    ("value", "header", "extension"),
    [
        ("a|b", r"a\|b", "a|b"),
        ("a=b", "a=b", r"a\=b"),
        ("a\\b", r"a\\b", r"a\\b"),
        ("a\\|b", r"a\\\|b", r"a\\|b"),
        ("a\\=b", r"a\\=b", r"a\\\=b"),
        ("a\nb\r\nc", "a b c", r"a\nb\r\nc"),
        ("a\\nb", r"a\\nb", r"a\\nb"),
        ("a\u2028b\x85c\x0bd", "a b c d", "a\u2028b\x85c\x0bd"),
    ],
)
def test_what_ends_a_field_is_escaped(value: str, header: str, extension: str):
    """Pipes in the header, equals signs in the extension, backslashes in both."""
    assert in_header(value) == header
    assert in_extension(value) == extension


def parsed(line: str) -> tuple[list[str], dict[str, str]]:
    """Read a CEF line as a collector does."""
    fields: list[str] = []
    current, position = "", 0
    while len(fields) < 7:
        one = line[position]
        if one == "\\":
            current += line[position + 1]
            position += 2
            continue
        if one == "|":
            fields.append(current)
            current = ""
        else:
            current += one
        position += 1
    found: dict[str, str] = {}
    marks = list(re.finditer(r"(?:^| )(\w+)=", line[position:]))
    rest = line[position:]
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(rest)
        found[mark[1]] = unescaped(rest[mark.end() : end])
    return fields, found


def unescaped(text: str) -> str:
    """Undo the escaping of an extension's value."""
    return re.sub(
        r"\\(.)", lambda m: {"n": "\n", "r": "\r"}.get(m[1], m[1]), text, flags=re.S
    )


NASTY = st.text(alphabet=st.sampled_from("ab |=\\\n\r%预<>\x00"), max_size=30)


@given(name=NASTY, summary=NASTY, rule=NASTY)
def test_no_text_can_make_a_field_or_a_line_of_its_own(
    name: str, summary: str, rule: str
):
    """A collector reads back what was said, and one line of it."""
    line = cef_line({**MESSAGE, "name": name, "summary": summary, "rule": rule})
    assert "\n" not in line
    assert "\r" not in line
    fields, found = parsed(line)
    assert fields[0] == "CEF:0"
    assert fields[4] == " ".join(rule.splitlines())
    assert fields[5] == " ".join(name.splitlines())
    assert set(found) == {
        "externalId", "cat", "cnt", "start", "end", "rt", "cs1Label", "cs1", "msg",
    }  # fmt: skip
    assert found["msg"] == summary
