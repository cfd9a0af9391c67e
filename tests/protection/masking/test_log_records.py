"""No log line tells personal values, whoever writes it and however."""

from __future__ import annotations

import logging
from io import StringIO
from typing import Any

import pytest

from jtsec.core.context import Context, enter, leave
from jtsec.protection.masking import log_records
from jtsec.protection.masking.api import MaskingFilter
from tests.plainapp.masked import Owner
from tests.protection.masking.conftest import MASKED, PLAIN

pytestmark = pytest.mark.clause("T7.2")


def logged(write: Any, name: str = "somebody") -> str:
    """Return what a handler that was added by somebody else writes."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger(name)
    # Configurations of other tests switch off the loggers that they do not name.
    was_off, logger.disabled = logger.disabled, False
    logger.addHandler(handler)
    try:
        write(logger)
    finally:
        logger.removeHandler(handler)
        logger.disabled = was_off
    return stream.getvalue()


def test_a_message_and_its_arguments_are_masked() -> None:
    """Written into the text, or given beside it."""
    number, phone = PLAIN["id_number"], PLAIN["phone"]
    text = logged(lambda log: log.error("%s of " + number, phone))
    assert text == f"{MASKED['phone']} of {MASKED['id_number']}\n"


def test_a_traceback_is_masked() -> None:
    """The message of an exception quotes what somebody typed."""

    def fail(log: logging.Logger) -> None:
        try:
            int(PLAIN["id_number"])
        except ValueError:
            log.exception("no number")

    text = logged(fail)
    assert PLAIN["id_number"] not in text
    assert "ValueError" in text
    assert MASKED["id_number"] in text


@pytest.mark.django_db
def test_what_was_loaded_is_masked_by_the_word() -> None:
    """Names and addresses have no form that would be known."""
    pk = Owner.objects.create(**PLAIN).pk
    token = enter(Context())
    try:
        row = Owner.objects.get(pk=pk)
        text = logged(lambda log: log.error(f"{row.name} of {row.address}, {row!r}"))
    finally:
        leave(token)
    assert not [value for value in PLAIN.values() if value in text]
    assert MASKED["name"] in text


def test_arguments_that_do_not_fit_are_masked_too() -> None:
    """Logging prints them with its own complaint."""
    record = logging.getLogRecordFactory()(
        "x", logging.INFO, "", 0, "%d and %d", (PLAIN["phone"],), None
    )
    assert PLAIN["phone"] not in record.getMessage()


def test_the_audits_copy_stays_as_it_is() -> None:
    """It is evidence; what is sensitive in it is encrypted in the event."""
    text = logged(lambda log: log.error("uid %s", PLAIN["phone"]), "jtsec.audit")
    assert PLAIN["phone"] in text


def test_other_lines_keep_their_form() -> None:
    """A collector groups by the unfilled message."""
    record = logging.getLogRecordFactory()(
        "x", logging.INFO, "", 0, "%s rows", (7,), None
    )
    assert (record.msg, record.args) == ("%s rows", (7,))


def test_without_the_factory_the_line_tells_all() -> None:
    """The protection removed; and put back once, however often it is wired."""
    masked = logging.getLogRecordFactory()
    assert isinstance(masked, log_records.MaskedRecords)
    log_records.install()
    assert logging.getLogRecordFactory() is masked
    logging.setLogRecordFactory(logging.LogRecord)
    try:
        assert PLAIN["phone"] in logged(lambda log: log.error(PLAIN["phone"]))
    finally:
        logging.setLogRecordFactory(masked)


def test_a_record_of_another_process_is_masked_by_the_filter() -> None:
    """Such as one that came through a queue."""
    record = logging.LogRecord("x", logging.INFO, "", 0, PLAIN["phone"], (), None)
    assert MaskingFilter().filter(record)
    assert record.getMessage() == MASKED["phone"]
