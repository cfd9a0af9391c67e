"""What the queries can prove for the compliance report."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections, router
from django.urls import NoReverseMatch, reverse

from jtsec.audit.models import AuditRecord
from jtsec.core.evidence import Fact

from .parameters import PARAMETERS
from .statistics import WAYS

PAGE = "jtsec-console:audit-records"


def facts() -> Iterator[Fact]:
    """Yield what was measured just now."""
    yield Fact(
        "A5.10",
        "Conditions an auditor can search by",
        bool(PARAMETERS),
        [*PARAMETERS, "period", "since", "until"],
    )
    yield Fact("A5.10", "Ways events are counted", bool(WAYS), list(WAYS))
    yield _pages()
    yield _indexes()


def _pages() -> Fact:
    statement = "The audit's pages have an address in this project"
    try:
        return Fact("A5.10", statement, True, reverse(PAGE))
    except (NoReverseMatch, ImproperlyConfigured):
        hint = 'path("console/", include("jtsec.console.urls"))'
        return Fact("A5.10", statement, False, hint)


def _indexes() -> Fact:
    """Without its indexes a search of ten million events takes minutes."""
    statement = "Indexes of the audit's searches that the database has"
    connection = connections[router.db_for_read(AuditRecord)]
    wanted = {
        index.name
        for index in AuditRecord._meta.indexes
        if index.condition is None or connection.features.supports_partial_indexes
    }
    try:
        with connection.cursor() as cursor:
            there = connection.introspection.get_constraints(
                cursor, AuditRecord._meta.db_table
            )
    except DatabaseError as error:
        return Fact("A5.10", statement, None, str(error))
    missing = sorted(wanted - set(there))
    return Fact("A5.10", statement, not missing, missing or sorted(wanted))
