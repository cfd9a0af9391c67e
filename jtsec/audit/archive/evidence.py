"""What the archive can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError, connections

from jtsec.audit import immutability
from jtsec.core.evidence import Fact
from jtsec.core.exceptions import CannotVerify, ConfigurationError, VerifiedFalse

from .conf import archive_settings
from .folder import folder
from .protection import TABLES
from .segments import alias, proved, segments


def facts() -> Iterator[Fact]:
    """Yield what was measured just now."""
    if not archive_settings().directory:
        return
    yield _protected()
    yield _newest_proves()


def _protected() -> Fact:
    statement = "The database refuses to change what is recorded of archived segments"
    try:
        missing = [
            name
            for one in TABLES
            for name in immutability.missing(connections[alias()], one)
        ]
    except DatabaseError as error:
        return Fact("A5.9", statement, None, str(error))
    return Fact("A5.9", statement, not missing, missing)


def _newest_proves() -> Fact:
    statement = "The newest archived segment is what was signed"
    try:
        newest = segments().last()
        if newest is None:
            return Fact("A5.9", statement, None, "nothing is archived yet")
        proved(newest, folder(), deep=False)
    except VerifiedFalse as error:
        return Fact("A5.9", statement, False, str(error))
    except (CannotVerify, ConfigurationError, DatabaseError) as error:
        return Fact("A5.9", statement, None, str(error))
    return Fact("A5.9", statement, True, newest.name)
