"""Accounts unused for a year are suspended, never the last administrators."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from django.db import connections

from jtsec.accounts import api, last_administrators
from jtsec.accounts.api import LastAdministrator, NotAllowed
from jtsec.accounts.conf import accounts_settings
from jtsec.audit.models import AuditRecord
from jtsec.authentication.api import reactivate as reactivate_account
from jtsec.authentication.api import standing_of
from jtsec.authentication.models import Account
from jtsec.core.clock import now
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import ConfigurationError, InputError
from jtsec.identity.api import actor_of, deactivate, reactivate
from jtsec.identity.models import Identity
from tests.accounts.people import administrator, is_in_use, unused_for
from tests.authentication.persons import by_sql, loaded
from tests.authentication.recorded import codes, last
from tests.identity import people

pytestmark = pytest.mark.django_db
TIMER = system_actor("timer")


@pytest.fixture
def ann(db: None) -> Any:
    """Return one system administrator; zhang and li are there as well."""
    with acting_as(system_actor("clerk")):
        actor = administrator("ann", 1)
        people.person("zhang", 3)
        people.person("li", 4)
    return actor


@pytest.mark.clause("P44.1")
def test_accounts_unused_for_a_year_are_suspended_and_listed(ann: Any) -> None:
    """Exactly those; each with its event and a reason that says how long."""
    unused_for("zhang", 366)
    unused_for("li", 364)
    assert [one.identity.login_name for one in api.unused_accounts()] == ["zhang"]
    with acting_as(TIMER):
        done = api.suspend_unused(reason="每日检查", operator="root")
    assert [one.identity.login_name for one in done.suspended] == ["zhang"]
    assert (is_in_use("zhang"), is_in_use("li")) == (False, True)
    (listed,) = api.suspended_accounts()
    assert listed.identity.deactivated_why.startswith("P44.1 ")
    assert "366" in listed.identity.deactivated_why
    data = last("accounts:unused:suspended")["data"]
    assert (data["suspended"], data["kept"], data["operator"]) == (1, 0, "root")
    (gone,) = AuditRecord.objects.filter(code="identity:person:deactivated")
    assert gone.subject == "zhang"
    with acting_as(TIMER):
        assert api.suspend_unused(reason="每日检查").suspended == []
    assert codes().count("accounts:unused:suspended") == 1


@pytest.mark.clause("P44.1", "A3.2.9")
@pytest.mark.parametrize("days", [364, 365, 366, 400])
def test_what_the_login_calls_dormant_is_what_is_suspended(ann: Any, days: int) -> None:
    """The two never differ: same moment, same days."""
    unused_for("zhang", days)
    user = loaded("zhang")
    is_dormant = standing_of(user, now()).reason == "account-dormant"
    unused = [one.identity.login_name for one in api.unused_accounts()]
    assert is_dormant == ("zhang" in unused) == (days >= 365)


@pytest.mark.clause("P44.1")
def test_a_suspended_account_comes_back_by_an_administrator(ann: Any) -> None:
    """Put into use and activated; then it is not suspended the next day again."""
    unused_for("zhang", 500)
    with acting_as(TIMER):
        api.suspend_unused(reason="每日检查")
    with acting_as(ann):
        reactivate(loaded("zhang").jtsec_identity, reason="复职")
        until = now() + timedelta(days=90)
        reactivate_account(loaded("zhang"), until=until, reason="复职")
    assert list(api.unused_accounts()) == []


@pytest.mark.clause("P38", "P44.1")
def test_the_last_administrator_of_a_duty_stays(ann: Any) -> None:
    """With the reason, and with an event of warning."""
    unused_for("ann", 800)
    with acting_as(TIMER):
        done = api.suspend_unused(reason="每日检查")
    assert [(one.identity.login_name, why) for one, why in done.kept] == [
        ("ann", "last-administrator")
    ]
    assert is_in_use("ann")
    assert last("identity:person:refused")["reason"] == "last-administrator"


@pytest.mark.clause("P38")
def test_no_way_of_deactivating_takes_the_last_administrator(ann: Any) -> None:
    """Not the verb of identity either; one who is valid and whole must be left."""
    with acting_as(system_actor("clerk")):
        administrator("bob", 2)
        unused_for("bob", 800)
        with pytest.raises(LastAdministrator) as kept:
            deactivate(loaded("ann").jtsec_identity, reason="left")
        assert kept.value.reason == "last-administrator"
        assert is_in_use("ann")
        unused_for("bob", 1)
        deactivate(loaded("ann").jtsec_identity, reason="left")


@pytest.mark.clause("P38")
def test_an_administrator_made_by_sql_does_not_count_as_another(ann: Any) -> None:
    """A broken seal logs nobody in, so nobody would be left."""
    zhang = loaded("zhang").jtsec_identity
    by_sql("jtsec_identity", "duty", "system", id=zhang.pk)
    with acting_as(TIMER), pytest.raises(LastAdministrator):
        deactivate(loaded("ann").jtsec_identity, reason="left")


def test_an_altered_account_stops_nobody_else(ann: Any) -> None:
    """It is named, and left to the alarm that its seal raised."""
    unused_for("zhang", 500)
    unused_for("li", 500)
    by_sql("jtsec_identity", "number", "999999", id=loaded("li").jtsec_identity.pk)
    with acting_as(TIMER):
        done = api.suspend_unused(reason="每日检查")
    assert [one.identity.login_name for one in done.suspended] == ["zhang"]
    assert [why for _one, why in done.kept] == ["altered"]


def test_suspending_needs_the_duty_and_a_reason(ann: Any) -> None:
    """Refused and recorded; nobody is suspended."""
    unused_for("zhang", 500)
    with acting_as(actor_of(loaded("li"))), pytest.raises(NotAllowed):
        api.suspend_unused(reason="x")
    assert last("accounts:act:refused")["data"]["action"] == "suspend-unused"
    with acting_as(TIMER), pytest.raises(InputError):
        api.suspend_unused(reason=" ")
    assert is_in_use("zhang")


@pytest.mark.clause("P44.1")
def test_the_stricter_of_the_two_settings_counts(ann: Any, settings: Any) -> None:
    """And more than a year is refused as below the floor."""
    settings.JTSEC_AUTHENTICATION_DORMANT_DAYS = 90
    assert api.unused_days() == 90
    settings.JTSEC_AUTHENTICATION_DORMANT_DAYS = 0
    assert api.unused_days() == 365
    settings.JTSEC_ACCOUNTS_UNUSED_DAYS = 366
    with pytest.raises(ConfigurationError):
        accounts_settings()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_rule", [True, False], ids=["rule", "no rule"])
def test_two_administrators_do_not_put_each_other_out_of_use(
    has_rule: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the same instant: one stays; without the rule none would."""
    if not has_rule:
        monkeypatch.setattr(last_administrators, "others_able", lambda *about: True)
    with acting_as(system_actor("clerk")):
        actors = [administrator("ann", 1), administrator("bob", 2)]
    barrier = Barrier(2)

    def put_out(which: int) -> Any:
        try:
            other = Identity.objects.get(login_name=("bob", "ann")[which])
            with acting_as(actors[which]):
                barrier.wait(timeout=30)
                return deactivate(other, reason="left")
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(put_out, range(2)))
    left = Identity.objects.filter(is_active=True).count()
    assert left == (1 if has_rule else 0), results


def test_an_account_without_its_row_is_listed_and_left(ann: Any) -> None:
    """Nothing is known of its use; its login is refused already."""
    Account.objects.filter(user=loaded("zhang")).delete()
    found = {one.identity.login_name: one for one in api.listed(api.every_identity())}
    assert found["zhang"].reason == "account-missing"
    assert list(api.unused_accounts()) == []
