"""
Log records without personal values, whichever handler writes them (clause T7.2).

The factory of records is the one place that every logger passes; a filter on a handler
would miss the handler that is added next year. The audit's own lines pass as they
are: they are evidence, and their personal fields are encrypted already.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any, Final

from jtsec.core.scrubbing import scrub

AUDIT: Final = "jtsec.audit"
Factory = Callable[..., logging.LogRecord]


class MaskingFilter(logging.Filter):
    """
    Masks a record; for handlers of records that were made in another process.

    In this process the factory has done it before.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the message and the traceback; let every record pass."""
        if record.name != AUDIT and not record.name.startswith(f"{AUDIT}."):
            _mask_message(record)
            _mask_traceback(record)
        return True


def install() -> None:
    """Mask every record that is made from now on; called once, at start."""
    made = logging.getLogRecordFactory()
    if not isinstance(made, MaskedRecords):
        logging.setLogRecordFactory(MaskedRecords(made))


class MaskedRecords:
    """Makes log records, and masks them before anybody sees them."""

    def __init__(self, factory: Factory) -> None:
        self._factory = factory
        self._filter = MaskingFilter()

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        """Return a record."""
        record = self._factory(*args, **kwargs)
        self._filter.filter(record)
        return record


def _mask_message(record: logging.LogRecord) -> None:
    try:
        text = record.getMessage()
    # Arguments that do not fit; unmasked, the handler would print them as they are.
    except Exception:
        text = f"{record.msg} {record.args!r}"
    masked = scrub(text)
    if masked != text:
        record.msg, record.args = masked, ()


def _mask_traceback(record: logging.LogRecord) -> None:
    """
    Leave the masked text where formatters look before they make their own.

    The exception itself goes: others, such as mails to the administrators, would
    write its message and its variables anew.
    """
    if record.exc_info and record.exc_info[1] is not None:
        text = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        masked = scrub(text)
        if masked != text:
            record.exc_text, record.exc_info = masked, None
