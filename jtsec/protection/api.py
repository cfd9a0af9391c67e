"""
The verbs of protected data.

    with unverified(): ...          load broken rows, to look into what happened
    rows = telling_altered(rows)    a list that names broken rows and shows the others
    report = verify()               every sealed table, row by row and as a whole
    report.exit_code                0 sound, 1 broken, 2 cannot verify
    record_report(report)
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models, router

from jtsec.core.clock import elapsed
from jtsec.core.exceptions import ConfigurationError

from .altered import AlteredRow, TellsAltered, telling_altered
from .declaration import plan_of, sealed_models
from .exceptions import (
    RootMissing,
    RowAltered,
    RowUnverifiable,
    SealedWriteRefused,
    TableAltered,
)
from .loading import unverified
from .parts import Progress
from .report import Exit, Report, record_report
from .scanning import Fault
from .verifying import Verified, verify_table

__all__ = [
    "AlteredRow",
    "Exit",
    "Fault",
    "Report",
    "RootMissing",
    "RowAltered",
    "RowUnverifiable",
    "SealedWriteRefused",
    "TableAltered",
    "TellsAltered",
    "Verified",
    "record_report",
    "sealed_models",
    "telling_altered",
    "unverified",
    "verify",
]


def verify(
    chosen: Iterable[type[models.Model]] | None = None,
    *,
    using: str = "",
    processes: int = 1,
    progress: Progress | None = None,
) -> Report:
    """
    Verify sealed tables, row by row and as a whole (clause A6.2).

    Args:
        chosen: their models; all that are sealed by default.
        using: the alias of the database; by default where each is written.
        processes: how many share the work.
        progress: is told how many rows are done, as they are.

    Raises:
        ConfigurationError: a model is not sealed, or its declaration is unusable.
        django.db.Error: the database does not answer.
    """
    begin = elapsed()
    found = []
    for model in sealed_models() if chosen is None else chosen:
        plan = plan_of(model)
        if plan is None:
            raise ConfigurationError(f"{model._meta.label} is not a sealed model")
        alias = using or router.db_for_write(model)
        found.append(verify_table(plan, alias, processes, progress))
    return Report(tuple(found), elapsed() - begin)
