"""A row found by SQL that was written once is the row the ORM finds."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from django.contrib.auth import get_user_model
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from jtsec.core.context import acting_as, system_actor
from jtsec.core.row_by_key import row_by_key
from jtsec.fields.exceptions import FieldUnreadable
from jtsec.identity.models import Identity, Organization
from jtsec.keys import api as keys
from tests.identity import people

pytestmark = pytest.mark.django_db

RELATED = ("jtsec_identity__organisation", "jtsec_account")


@pytest.fixture
def person() -> Any:
    """Return the user of somebody registered."""
    with acting_as(system_actor("clerk")):
        return people.person("li", 1).user


def state(row: models.Model) -> dict[str, Any]:
    """Return every column of a row in memory."""
    return {name: value for name, value in vars(row).items() if name[0] != "_"}


def users() -> Any:
    """Return the manager of the users."""
    return get_user_model()._default_manager


def test_it_is_the_same_row_with_the_same_rows_joined(person: Any) -> None:
    """Every column of user, identity, organisation and account is what the ORM says."""
    by_orm = users().select_related(*RELATED).get(pk=person.pk)
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            found = row_by_key(users(), "pk", person.pk, RELATED)
            assert found is not None
            joined: Any = (
                found,
                found.jtsec_identity,
                found.jtsec_identity.organisation,
                found.jtsec_account,
            )
        assert len(captured) == 1
        expected = (
            by_orm,
            by_orm.jtsec_identity,
            by_orm.jtsec_identity.organisation,
            by_orm.jtsec_account,
        )
        assert [state(one) for one in joined] == [state(one) for one in expected]
        assert not any(one._state.adding for one in joined)
        assert {one._state.db for one in joined} == {connection.alias}
        assert found.jtsec_identity.user is found


def test_another_key_is_another_row_and_an_unknown_one_none(person: Any) -> None:
    """The key of the first time is not kept with the SQL."""
    with acting_as(system_actor("clerk")):
        other = people.person("wang", 2).user
    for user in (person, other, person):
        assert row_by_key(users(), "pk", user.pk) == user
    assert row_by_key(users(), "pk", 0) is None
    key = other.jtsec_identity.login_key
    assert row_by_key(users(), "jtsec_identity__login_key", key) == other
    assert row_by_key(users(), "jtsec_identity__login_key", "' OR 1=1 --") is None
    uid = other.jtsec_identity.uid
    assert row_by_key(users(), "jtsec_identity__uid", uid) == other


def test_who_lacks_an_identity_is_found_without_one() -> None:
    """A row that is not there is joined as None, and costs no further query."""
    stranger = people.user("stranger")
    found: Any = row_by_key(users(), "pk", stranger.pk, RELATED)
    with CaptureQueriesContext(connection) as captured:
        assert not hasattr(found, "jtsec_identity")
    assert not captured


@pytest.mark.parametrize("key", [10**30, -1, str(10**30), True, None])
def test_a_strange_key_gets_the_orms_own_answer(person: Any, key: Any) -> None:
    """Numbers no column holds find nobody, on every database, and raise nothing."""
    by_orm = users().filter(pk=key).first()
    assert row_by_key(users(), "pk", key) == by_orm


def test_a_manager_that_filters_is_asked_each_time(person: Any) -> None:
    """What a manager leaves out today it may let in tomorrow."""
    allowed: list[str] = []

    class Chosen(models.Manager[Organization]):
        def get_queryset(self) -> models.QuerySet[Organization]:
            return super().get_queryset().filter(code__in=allowed)

    manager = Chosen()
    manager.model = Organization
    organisation = person.jtsec_identity.organisation
    assert row_by_key(manager, "pk", organisation.pk) is None
    allowed.append(organisation.code)
    assert row_by_key(manager, "pk", organisation.pk) == organisation


def test_a_key_that_was_withdrawn_opens_nothing_any_more(
    person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SQL is kept; what decrypts is not."""
    pk = person.jtsec_identity.pk
    assert row_by_key(Identity.objects, "pk", pk) is not None

    def withdrawn(key_id: str) -> Any:
        raise keys.UnknownKey(key_id)

    monkeypatch.setattr(keys, "gcm", withdrawn)
    with pytest.raises(FieldUnreadable):
        row_by_key(Identity.objects, "pk", pk)


@pytest.mark.django_db(transaction=True)
def test_every_thread_has_its_own(person: Any) -> None:
    """A compiler belongs to a connection, and a connection to a thread."""
    found: list[Any] = []

    def look() -> None:
        try:
            found.append(row_by_key(users(), "pk", person.pk, RELATED))
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [person] * 4
