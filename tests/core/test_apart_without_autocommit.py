"""What is written apart stays also where a project commits by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django.contrib.auth.models import Group
from django.db import connection, transaction

from jtsec.core import apart as module
from jtsec.core.apart import apart, one_statement_apart

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def commits_by_hand() -> Iterator[None]:
    """Switch automatic commits off, as DATABASES can."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer")
    connection.ensure_connection()
    transaction.set_autocommit(False)
    yield
    transaction.rollback()
    transaction.set_autocommit(True)


def test_a_write_apart_survives_the_rollback() -> None:
    """A charge that nobody commits would be a guess for free."""
    with apart() as alias:
        Group.objects.using(alias).create(name="kept")
    Group.objects.create(name="gone")
    transaction.rollback()
    assert [group.name for group in Group.objects.all()] == ["kept"]


def test_without_the_second_connection_it_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The protection taken away."""
    monkeypatch.setattr(module, "_is_in_transaction", lambda outer: False)
    with apart() as alias:
        Group.objects.using(alias).create(name="kept")
    transaction.rollback()
    assert not Group.objects.exists()


def test_one_statement_apart_survives_the_rollback_too() -> None:
    """Nobody commits for it either, so it takes a connection of its own."""
    with one_statement_apart() as alias:
        Group.objects.using(alias).create(name="single")
    transaction.rollback()
    assert [group.name for group in Group.objects.all()] == ["single"]
