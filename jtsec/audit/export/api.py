"""
The verbs of the export.

    write_files(folder, form="v1", since=…, until=…)     # files of the police log
    spool(); send()                                       # what `--loop` repeats
    register_subject_resolver(resident_ids)               # by the identity control
"""

from __future__ import annotations

from .exceptions import ExportFailed, ExportNotConfigured, RowsNotThere
from .files import Written, write_files
from .log_entry import Kind
from .receiver import Accepted, Answer, Rejected, Sender, Unreachable
from .sending import Sent, send
from .spool import spool
from .standing import Standing, refused_batches, retry, standing
from .subjects import register_organisation_resolver, register_subject_resolver

__all__ = [
    "Accepted",
    "Answer",
    "ExportFailed",
    "ExportNotConfigured",
    "Kind",
    "Rejected",
    "RowsNotThere",
    "Sender",
    "Sent",
    "Standing",
    "Unreachable",
    "Written",
    "refused_batches",
    "register_organisation_resolver",
    "register_subject_resolver",
    "retry",
    "send",
    "spool",
    "standing",
    "write_files",
]
