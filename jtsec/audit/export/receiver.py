"""
What a sender is, and what the platform can answer.

A project that has another way to its platform writes a class with one method and names
it in `JTSEC_AUDIT_EXPORT_SENDER`. It need not keep, repeat or count anything: the spool
does. Of three answers it must only tell the last two apart with care: *rejected* means
that the platform read the batch and does not want it, so that sending it again would
not help; everything else that is no clear yes is *unreachable*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.module_loading import import_string

from .batches import Batch
from .conf import export_settings
from .exceptions import ExportNotConfigured

BY_FORM = {
    "v1": "jtsec.audit.export.soap_sender.SoapSender",
    "v2": "jtsec.audit.export.json_sender.JsonSender",
}


@dataclass(frozen=True)
class Accepted:
    """The platform has the batch."""

    text: str = ""


@dataclass(frozen=True)
class Rejected:
    """The platform read the batch and refused it."""

    text: str


@dataclass(frozen=True)
class Unreachable:
    """Nothing certain was heard; the batch must be sent again, with its number."""

    text: str


Answer = Accepted | Rejected | Unreachable


class Sender(Protocol):
    """Hands batches to a platform."""

    def send(self, batch: Batch) -> Answer:
        """
        Send one batch and wait for the answer.

        Raises:
            ConfigurationError: it cannot send as things are set; nothing is counted.
        """


def sender_for(form: str) -> Sender:
    """
    Return the sender in force for a form.

    Raises:
        ExportNotConfigured: its path leads to nothing.
    """
    path = export_settings().sender or BY_FORM[form]
    try:
        sender: Sender = import_string(path)()
    except (ImportError, TypeError) as error:
        raise ExportNotConfigured(f"JTSEC_AUDIT_EXPORT_SENDER: {error}") from error
    return sender
