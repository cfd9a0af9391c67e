"""The second copy is one line, whatever stands in it."""

from __future__ import annotations

import logging

import pytest

from jtsec.audit.api import record
from jtsec.audit.journal import escaped
from tests.audit.declared import PermitFailed, PermitGranted, PermitRefused

pytestmark = pytest.mark.django_db


def test_a_name_cannot_write_its_own_line(caplog):
    """Line ends, separators and terminal sequences are spelled (CWE-117)."""
    name = 'x"\nERROR forged\r\u2028\x1b[2J\u202e\\'
    record(PermitRefused(subject_username=name))
    line = caplog.records[-1].getMessage()
    assert line.isprintable()
    assert 'subject="x\\"\\u{a}ERROR forged\\u{d}' in line


def test_honest_text_stays_readable():
    """A Chinese name is not turned into numbers."""
    assert escaped("张三") == "张三"


def test_a_sensitive_field_is_not_logged(caplog):
    """The log file has no key."""
    caplog.set_level(logging.INFO, "jtsec.audit")
    record(PermitGranted(resource="x", owner="320202199001011234"))
    record(PermitFailed(number="320202199001011234"))
    assert "320202199001011234" not in caplog.text
    assert "tests:permit:granted done" in caplog.text


def test_an_alarm_is_an_error_in_the_log(caplog):
    """Whoever watches the log for errors sees it."""
    record(PermitFailed(reason="printer"))
    assert caplog.records[-1].levelno == logging.ERROR


def test_the_copy_is_there_when_the_table_is_not(caplog, settings, tmp_path):
    """It is written first, and needs no key and no database."""
    settings.JTSEC_KEYS_FILE = str(tmp_path / "none")
    with pytest.raises(Exception, match="not written"):
        record(PermitRefused(reason="kept in the log"))
    assert "kept in the log" in caplog.text
