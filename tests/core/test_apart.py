"""A write apart stays, whatever the surrounding transaction does."""

from __future__ import annotations

import pytest

from django.contrib.contenttypes.models import ContentType
from django.db import connections, transaction

from jtsec.core.apart import apart, one_statement_apart


def keep(name: str, using: str) -> None:
    """Write one row through an alias."""
    ContentType.objects.using(using).create(app_label="apart", model=name)


def is_kept(name: str) -> bool:
    """Answer whether the row is there."""
    return ContentType.objects.filter(app_label="apart", model=name).exists()


@pytest.mark.django_db(transaction=True)
def test_a_write_apart_survives_the_rollback_around_it() -> None:
    """A failing view cannot give an attempt back."""
    with pytest.raises(RuntimeError), transaction.atomic():
        with apart() as alias:
            keep("charge", alias)
        raise RuntimeError
    assert is_kept("charge")


@pytest.mark.django_db(transaction=True)
def test_an_ordinary_write_does_not() -> None:
    """The protection removed: the same write on the outer connection is lost."""
    with pytest.raises(RuntimeError), transaction.atomic():
        keep("charge", "default")
        raise RuntimeError
    assert not is_kept("charge")


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_no_second_connection_is_opened() -> None:
    """The usual way costs nothing."""
    with apart() as alias:
        assert alias == "default"


@pytest.mark.django_db(transaction=True)
def test_the_second_connection_is_closed_with_the_block() -> None:
    """A connection left open in each thread would use up the server's."""
    with transaction.atomic():
        with apart() as alias:
            keep("closed", alias)
        still_open = connections.all(initialized_only=True)
        assert alias not in [connection.alias for connection in still_open]


@pytest.mark.django_db
def test_the_transaction_of_a_test_case_is_not_counted() -> None:
    """Nobody outside could see into it."""
    with apart() as alias:
        keep("inside", alias)
    assert alias == "default"
    assert is_kept("inside")


@pytest.mark.django_db(transaction=True)
def test_one_statement_apart_survives_the_rollback_around_it() -> None:
    """Inside of a transaction it is written beside it, as by `apart`."""
    with pytest.raises(RuntimeError), transaction.atomic():
        with one_statement_apart() as alias:
            keep("single", alias)
        raise RuntimeError
    assert is_kept("single")


@pytest.mark.django_db(transaction=True)
def test_one_statement_apart_begins_no_transaction_where_none_is_open() -> None:
    """It commits by itself, which spares the server two round trips."""
    with one_statement_apart() as alias:
        assert alias == "default"
        assert not connections[alias].in_atomic_block
        keep("alone", alias)
    assert is_kept("alone")
