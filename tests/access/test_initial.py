"""The administrator made at installation sets up, and does nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import resolve

from jtsec.access import setting_up_evidence
from jtsec.access.api import (
    Function,
    create_role,
    decide,
    finish_set_up,
    functions,
    make_initial,
    technical_administrators,
)
from jtsec.access.exposure_map import exposed_views
from jtsec.access.functions import function_of
from jtsec.access.gate import PolicyRefused
from jtsec.access.models import AccessProfile
from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import InputError
from jtsec.identity.api import identity_of
from jtsec.sessions.models import Session
from tests.access.declared import acting, declared, given_role
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import PASSWORD, by_sql, loaded
from tests.identity import people

pytestmark = pytest.mark.django_db

BUSINESS = Function("permits.approve_permit")
ORDINARY = Function("permits.stop_service", duty="system", by_duty=True)
WHY = "安装完毕"


@pytest.fixture
def installed(cheap_passwords: None) -> Iterator[str]:  # noqa: F811 - a fixture
    """Install with one administrator; return the initial password."""
    with declared(BUSINESS, ORDINARY):
        yield install("sysadmin", 1, "system", "--organisation-name", "市局")


def install(username: str, which: int, duty: str, *more: str) -> str:
    """Run jtsec_init for one administrator; return the initial password."""
    out = StringIO()
    call_command(
        "jtsec_init", "--json",
        "--admin", username, "--duty", duty, "--name", "王小明",
        "--resident-id", people.resident_id(which), "--number", f"A{which:05}",
        "--organisation", people.CODE, *more, stdout=out,
    )  # fmt: skip
    (made,) = json.loads(out.getvalue())["administrators"]
    return str(made["initial_password"])


def initial() -> Any:
    """Return the identity of the initial administrator, as a request loads it."""
    return identity_of(loaded("sysadmin"))


def log_in(password: str) -> Client:
    """Log the initial administrator in and give them a password of their own."""
    client = Client()
    form = {"username": "sysadmin", "password": password}
    assert client.post("/accounts/login/", form).status_code == 302
    away = client.get("/console/")
    assert away.headers["Location"] == "/accounts/password/"
    chosen = {"new_password": PASSWORD, "new_password_again": PASSWORD}
    answer = client.post("/accounts/password/", {"old_password": password, **chosen})
    assert answer.status_code == 302, answer.content.decode()
    return client


FITTING = {
    "int": "1",
    "uuid": "0198c1f0-0000-7000-8000-000000000001",
    "digest": "a" * 64,
    "kind": "monthly",
    "period": "2026-01",
    "quarter": "2026-Q1",
    "form": "html",
    "code": "110000000000",
}


def address_of(route: str) -> str:
    """Return an address that leads to a route; what it names is not there."""

    def fitting(found: re.Match[str]) -> str:
        return FITTING.get(found[1] or "", "system")

    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)", fitting, route)
    plain = plain.replace("^", "").removesuffix(r"\Z").removesuffix("$")
    address = "/" + re.sub(r"<(?:(\w+):)?\w+>", fitting, plain.replace("\\", ""))
    assert resolve(address).func is not None
    return address


def console_pages() -> list[tuple[str, str]]:
    """Return address and right of every page of the console."""
    return [
        (address_of(one.route), one.requirement.right)
        for one in exposed_views()
        if one.route.startswith("console/") and one.requirement.kind == "right"
    ]


@pytest.mark.clause("A4.5", "P38")
def test_a_fresh_installation_has_one_who_sets_up_alone(installed: str) -> None:
    """Every page of the console is asked for, and every function there is."""
    client = log_in(installed)
    pages = console_pages()
    assert len(pages) > 40
    opened = set()
    for address, right in pages:
        status = client.get(address).status_code
        function = function_of(right)
        assert function is not None, right
        assert (status != 403) is function.set_up, (address, right, status)
        assert status < 500
        if function.set_up:
            opened.add(right)
        else:
            row = AuditRecord.objects.filter(code="access:function:refused").latest(
                "id"
            )
            assert row.reason in ("initial-only", "wrong-duty"), (address, row.reason)
    assert {"jtsec.change_role", "jtsec.assign_role"} <= opened
    assert not any(
        right.startswith(("jtsec.view_audit", "permits.")) for right in opened
    )
    user = loaded("sysadmin")
    for one in functions():
        assert decide(user, one.right).allowed is (one.set_up and one.by_duty), (
            one.right
        )


def test_without_the_mark_the_duty_would_give_more(installed: str) -> None:
    """What being initial takes away."""
    assert decide(loaded("sysadmin"), ORDINARY.right).reason == "initial-only"
    make_second()
    with acting_as(system_actor("jtsec_init")):
        finish_set_up(reason=WHY)
    assert decide(loaded("sysadmin"), ORDINARY.right).allowed


def make_second(which: int = 5, duty: str = "system") -> Any:
    """Register another administrator, who is not the first."""
    with acting_as(system_actor("a-test")):
        return people.person(f"{duty}{which}", which, duty=duty)


@pytest.mark.clause("A4.5")
def test_who_installs_sets_the_policy_until_somebody_has_that_duty(
    installed: str,
) -> None:
    """Roles are made in the security administrator's place, and then no more."""
    with acting(initial()):
        create_role("clerk", name="窗口", duty="business", rights=[], reason=WHY)
    assert decide(loaded("sysadmin"), "jtsec.change_role")
    make_second(6, "security")
    assert decide(loaded("sysadmin"), "jtsec.change_role").reason == "wrong-duty"
    with acting(initial()), pytest.raises(PolicyRefused) as caught:
        create_role("second", name="窗口", duty="business", rights=[], reason=WHY)
    assert caught.value.reason == "actor-duty"


@pytest.mark.clause("A4.5", "P38")
def test_two_technical_administrators_end_it_as_well(installed: str) -> None:
    """The extras are gone when there are enough to finish, asked for or not."""
    make_second(5)
    assert decide(loaded("sysadmin"), "jtsec.change_role")
    make_second(6)
    assert technical_administrators().count() == 2
    assert decide(loaded("sysadmin"), "jtsec.change_role").reason == "wrong-duty"


@pytest.mark.clause("A4.5")
def test_no_role_is_given_to_who_is_initial(installed: str) -> None:
    """Business, or anything that is not setting up, waits until that is over."""
    run = Function("permits.run", duty="system")
    with declared(run), pytest.raises(PolicyRefused) as caught:
        given_role(initial(), run.right)
    assert caught.value.reason == "initial-only"


@pytest.mark.clause("P38")
def test_it_is_finished_by_somebody_else_when_there_are_two(installed: str) -> None:
    """Too early, by oneself, by another duty, twice: refused and nothing changed."""
    security, client = make_second(6, "security"), log_in(installed)
    with acting(security):
        with pytest.raises(PolicyRefused) as caught:
            finish_set_up(reason=WHY)
        assert caught.value.reason == "set-up-unfinished"
    second = make_second(5)
    for actor in (initial(), second):
        with acting(actor), pytest.raises(PolicyRefused) as caught:
            finish_set_up(reason=WHY)
        assert caught.value.reason == "actor-duty"
    call_command("jtsec_init", "--finish", "--actor", "security6", "--reason", WHY)
    assert Session.objects.filter(ended_why="rights-changed").count() == 1
    assert client.get("/console/").status_code == 302
    assert technical_administrators().count() == 2
    assert decide(loaded("sysadmin"), ORDINARY.right)
    told = AuditRecord.objects.get(code="access:set-up:finished")
    assert (told.reason, told.actor_username) == (WHY, "security6")
    with acting(security), pytest.raises(InputError):
        finish_set_up(reason=WHY)


def test_the_command_says_who_and_why(installed: str) -> None:
    """Exit 3, and nothing changed."""
    for options in (
        ["--actor", "nobody", "--reason", WHY],
        ["--actor", "sysadmin", "--reason", WHY],
        ["--actor", "sysadmin"],
        ["--reason", WHY],
    ):
        with pytest.raises(CommandError) as caught:
            call_command("jtsec_init", "--finish", *options)
        assert caught.value.returncode == 3
    assert AccessProfile.objects.get().is_initial


@pytest.mark.clause("P38")
def test_only_the_first_is_initial(installed: str) -> None:
    """Who comes later is an ordinary administrator, of whatever duty."""
    install("second", 2, "system")
    install("secadmin", 3, "security")
    profile = AccessProfile.objects.get()
    assert profile.identity.login_name == "sysadmin"
    second = identity_of(loaded("second"))
    assert second is not None
    with acting(initial()), pytest.raises(PolicyRefused):
        make_initial(second)
    assert decide(loaded("second"), ORDINARY.right)


@pytest.mark.parametrize(
    ("column", "value"),
    [("is_initial", False), ("ended_at", "2026-01-01 00:00:00"), ("clearance", 9)],
)
def test_being_initial_is_not_taken_off_by_sql(
    installed: str, column: str, value: Any
) -> None:
    """Who has an altered profile has nothing, and an alarm is left."""
    by_sql("jtsec_accessprofile", column, value, identity_id=initial().pk)
    for right in (ORDINARY.right, "jtsec.change_role"):
        assert decide(loaded("sysadmin"), right).reason == "altered"
    assert AuditRecord.objects.filter(code="access:policy:altered").exists()


@pytest.mark.clause("A4.2")
def test_an_altered_profile_is_made_anew_with_nothing_in_it(installed: str) -> None:
    """By somebody else of the duty, or in an emergency; who was initial still is."""
    make_second(6, "security")
    options = ["sysadmin", "--actor", "security6", "--reason", WHY]
    for arguments, code in (
        (options, 1),
        (["sysadmin", "--actor", "sysadmin", "--reason", WHY], 3),
        (["nobody", "--actor", "security6", "--reason", WHY], 2),
        (["sysadmin", "--actor", "nobody", "--reason", WHY], 3),
    ):
        with pytest.raises(CommandError) as caught:
            call_command("jtsec_profile_restore", *arguments)
        assert caught.value.returncode == code, arguments
    by_sql("jtsec_accessprofile", "is_initial", False, identity_id=initial().pk)
    assert decide(loaded("sysadmin"), "jtsec.maintain_account").reason == "altered"
    call_command("jtsec_profile_restore", *options)
    assert decide(loaded("sysadmin"), "jtsec.maintain_account")
    assert decide(loaded("sysadmin"), ORDINARY.right).reason == "initial-only"
    told = AuditRecord.objects.get(code="access:profile:restored")
    assert (told.reason, told.actor_username) == (WHY, "security6")
    by_sql("jtsec_accessprofile", "clearance", 9, identity_id=initial().pk)
    call_command("jtsec_profile_restore", *options, "--console-emergency", "--json")
    assert AccessProfile.objects.get().clearance == 0


def test_nobody_becomes_initial_by_sql(installed: str) -> None:
    """It would lend the rights of another duty."""
    other = make_second(5)
    key = AccessProfile.objects.get().pk
    raw = AccessProfile._meta.pk.get_db_prep_value(key, connection)
    by_sql("jtsec_accessprofile", "identity_id", other.pk, id=raw)
    assert not decide(other.user, "jtsec.change_role")
    with acting(other), pytest.raises(PolicyRefused):
        create_role("clerk", name="窗口", duty="business", rights=[], reason=WHY)


@pytest.mark.clause("A4.5", "P38")
def test_it_can_be_proved(installed: str) -> None:
    """Who is initial, what is open to them, how many there are to end it."""
    found = {fact.clause: fact for fact in setting_up_evidence.facts()}
    assert (found["A4.5"].holds, found["P38"].holds) == (True, False)
    make_second(5)
    make_second(6)
    found = {fact.clause: fact for fact in setting_up_evidence.facts()}
    assert found["P38"].holds
    with declared(Function("permits.open_all", set_up=True)):
        found = {fact.clause: fact for fact in setting_up_evidence.facts()}
        assert found["A4.5"].holds is False
