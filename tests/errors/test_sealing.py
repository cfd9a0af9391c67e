"""Only the developers' key opens a code, and only the code it belongs to."""

from __future__ import annotations

import zlib

import pytest

from jtsec.crypto import envelope, sm2
from jtsec.errors.exceptions import CodeNotOpened, MalformedCode
from jtsec.errors.report import OPENED_LIMIT, TRACE_LIMIT, Report
from jtsec.errors.sealing import (
    CONTEXT,
    MAGIC,
    from_text,
    open_code,
    seal_report,
    to_text,
)

REPORT = Report("JT-7F3K-92QA", "2026-01-01T00:00:00+00:00", "ValueError", "trace 张三")


def test_a_report_comes_back_whole(key):
    """Sealed with the public half, opened with the private one."""
    code = seal_report(REPORT, key.public)
    assert open_code(code, key) == REPORT
    assert open_code(from_text(to_text(code)), key) == REPORT


def test_a_code_says_nothing_but_its_reference(key):
    """No word of the report is in it."""
    code = seal_report(REPORT, key.public)
    assert code.startswith(MAGIC + b"JT-7F3K-92QA")
    assert b"trace" not in code
    assert b"ValueError" not in code


def test_another_key_is_told_from_an_altered_code(key):
    """Two mistakes, two answers."""
    code = seal_report(REPORT, key.public)
    with pytest.raises(CodeNotOpened) as found:
        open_code(code, sm2.generate())
    assert found.value.is_wrong_key
    for place in (60, len(code) // 2, len(code) - 1):
        altered = bytearray(code)
        altered[place] ^= 1
        with pytest.raises(CodeNotOpened) as found:
            open_code(bytes(altered), key)
        assert not found.value.is_wrong_key


def test_a_code_answers_for_no_other_reference(key):
    """The reference is part of what is sealed."""
    code = seal_report(REPORT, key.public).replace(b"JT-7F3K", b"JT-7F3M", 1)
    with pytest.raises(CodeNotOpened):
        open_code(code, key)


@pytest.mark.parametrize(
    "text", ["", "not base64!", "AAAA", "SlRFMQ==", "张三", "A" * 2_000_000]
)
def test_what_is_no_code_is_said_to_be_none(text):
    """Nothing is guessed."""
    with pytest.raises(MalformedCode):
        from_text(text)


def test_lines_that_a_mail_program_broke_do_not_matter(key):
    """Pasted text has line ends and spaces."""
    text = to_text(seal_report(REPORT, key.public))
    broken = "\r\n ".join(text[place : place + 60] for place in range(0, len(text), 60))
    assert open_code(from_text(broken), key) == REPORT


def test_a_code_that_unpacks_to_gigabytes_is_refused(key):
    """Anybody with the public key can send the developers one."""
    bomb = zlib.compress(b"0" * (OPENED_LIMIT * 20), 9)
    sealed = envelope.seal_to(key.public, bomb, context=CONTEXT + b"JT-7F3K-92QA")
    with pytest.raises(MalformedCode):
        open_code(MAGIC + b"JT-7F3K-92QA" + sealed, key)


def test_a_long_trace_keeps_its_beginning_and_its_end():
    """The end names the error."""
    long = Report("r", "t", "k", "begin" + "x" * TRACE_LIMIT * 3 + "end")
    kept = Report.from_bytes(long.to_bytes()).trace
    assert kept.startswith("begin")
    assert kept.endswith("end")
    assert len(kept) < TRACE_LIMIT + 100


def test_what_a_visitor_sent_cannot_command_the_terminal():
    """Escape sequences are spelled."""
    text = Report("r", "t", "k", "a\x1b[2Jb\n\tc", path="/\x1b]0;x\x07").as_text()
    assert "\x1b" not in text
    assert "a\\u{1b}[2Jb\n\tc" in text
