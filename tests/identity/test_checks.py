"""Checks of the people in the database, and the evidence about them."""

from __future__ import annotations

from typing import Any

import pytest

from django.contrib.auth import get_user_model
from django.core import checks as django_checks
from django.core.checks import CheckMessage, Error, Warning
from django.db import connection

from jtsec.core.evidence import collect
from jtsec.identity import checks, ledger
from jtsec.identity.models import Identity
from tests.identity import people

pytestmark = pytest.mark.django_db
DATABASES = ["default"]


def found() -> dict[str, CheckMessage]:
    """Return this package's messages by id, as Django runs the checks."""
    messages = django_checks.run_checks(
        tags=[django_checks.Tags.database], databases=DATABASES
    )
    wanted = {"jtsec.E300", "jtsec.W301", "jtsec.E302"}
    return {str(one.id): one for one in messages if one.id in wanted}


def test_registered_people_give_no_message():
    """Nothing to say about a database in order."""
    people.person("zhang", 1)
    assert found() == {}


@pytest.mark.clause("A3.1.2")
def test_a_user_without_an_identity_is_counted_with_the_command_to_paste():
    """They cannot log in; the hint says how to register them."""
    people.user("zhang")
    people.person("li", 1)
    message = found()["jtsec.W301"]
    assert isinstance(message, Warning)
    assert "1" in message.msg
    assert "jtsec_identity_import" in str(message.hint)


@pytest.mark.clause("A3.1.1")
@pytest.mark.parametrize(("debug", "kind"), [(False, Error), (True, Warning)])
def test_a_superuser_is_named(debug: bool, kind: type[CheckMessage], settings: Any):
    """And the hint leads to administrators with a duty."""
    settings.DEBUG = debug
    get_user_model().objects.create_superuser("root")
    message = found()["jtsec.E300"]
    assert isinstance(message, kind)
    assert "root" in message.msg
    assert "jtsec_init" in str(message.hint)


def test_many_superusers_are_not_all_named():
    """A message stays readable, and a strange name stays on its line."""
    get_user_model().objects.create_superuser("a\nb")
    for number in range(9):
        get_user_model().objects.create_superuser(f"root{number}")
    message = found()["jtsec.E300"].msg
    assert "…" in message
    assert "\n" not in message


@pytest.mark.clause("A3.1.2", "A3.1.4")
@pytest.mark.parametrize("value", [("duty", "system"), ("resident_id", b"x")])
def test_an_altered_identity_is_named(value: tuple[str, Any]):
    """Also beside others, and when its ID number cannot even be read."""
    people.person("zhang", 1)
    made = people.person("li", 2)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE jtsec_identity SET {value[0]} = %s WHERE id = %s",
            [value[1], made.pk],
        )
    message = found()["jtsec.E302"]
    assert str(made.uid) in message.msg


def test_only_so_many_seals_are_looked_at(settings: Any):
    """A start with a million people stays short; the latest come first."""
    settings.JTSEC_IDENTITY_CHECKED_SEALS = 1
    first = people.person("zhang", 1)
    people.person("li", 2)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jtsec_identity SET duty = 'system' WHERE id = %s", [first.pk]
        )
    assert "jtsec.E302" not in found()


@pytest.mark.parametrize("databases", [None, [], ["other"]])
def test_another_database_is_not_touched(
    databases: Any, django_assert_num_queries: Any
):
    """A check without a database asks none."""
    with django_assert_num_queries(0):
        for check in checks.DATABASE:
            assert check(None, databases=databases) == []


def test_a_database_that_is_not_migrated_gives_no_message(
    monkeypatch: pytest.MonkeyPatch,
):
    """The first migrate runs these checks before the tables are there."""
    monkeypatch.setattr(Identity._meta, "db_table", "not_there_yet")
    get_user_model().objects.create_superuser("root")
    assert found() == {}


@pytest.mark.clause("A3.1.2", "A3.1.4", "P15.2")
def test_the_evidence_holds_for_a_database_in_order():
    """Identities, seals, ledger and duties."""
    people.person("zhang", 1)
    facts = {one.statement: one for one in collect()["identity"]}
    assert {one.clause for one in facts.values()} == {"A3.1.2", "A3.1.4", "P15.2"}
    assert [one for one in facts.values() if one.holds is not True] == []


@pytest.mark.clause("P15.2")
def test_the_evidence_does_not_hold_with_a_user_nobody_knows():
    """An account without a real name is a gap."""
    people.user("nobody")
    facts = [one for one in collect()["identity"] if one.clause == "P15.2"]
    assert [one.holds for one in facts] == [False]


def test_what_cannot_be_measured_is_neither(monkeypatch: pytest.MonkeyPatch):
    """A missing key of the ledger is no proof of anything."""
    people.person("zhang", 1)
    monkeypatch.setattr(ledger, "known_key_ids", lambda: ["ledger-9"])
    assert None in {one.holds for one in collect()["identity"]}
