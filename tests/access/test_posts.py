"""Posts that exclude each other never meet in one person (clause P15.1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from jtsec.access import appointments, post_faults, posts
from jtsec.access.api import appoint, dismiss, set_clearance
from jtsec.access.conf import access_settings
from jtsec.access.models import AccessProfile
from jtsec.core.context import acting_as, system_actor
from jtsec.core.exceptions import ConfigurationError, InputError, Refused
from jtsec.identity.api import Objected, change
from jtsec.identity.models import Identity
from tests.access.declared import acting
from tests.access.offices import WHY, an_office, refusals
from tests.authentication.persons import by_sql
from tests.authentication.recorded import last
from tests.identity import people

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P15.1")]
SYSTEM, DATABASE = "system-administration", "database-administration"


@pytest.fixture(autouse=True)
def office() -> Iterator[Any]:
    """Give people; two more administrators of the system, one no police officer."""
    with an_office() as made:
        with acting_as(system_actor("a-test")):
            made.sys2 = people.person(
                "sys2", 903, duty="system", is_police=False, number="E00903"
            )
        yield made


@contextmanager
def refused(reason: str) -> Iterator[None]:
    """Expect a refusal, in the audit with its exact reason, and nothing written."""
    before = list(AccessProfile.objects.values_list("identity", "posts", "clearance"))
    with pytest.raises((Refused, InputError)) as caught:
        yield
    error: Any = caught.value
    assert reason in (getattr(error, "reason", ""), getattr(error, "code", ""))
    assert refusals()[-1][1] == reason
    now = list(AccessProfile.objects.values_list("identity", "posts", "clearance"))
    assert now == before


def held(identity: Identity) -> tuple[str, ...]:
    """Return somebody's posts."""
    return post_faults.posts_held(identity)


def test_somebody_is_appointed_and_dismissed(office: Any) -> None:
    """By the security administrator, with a reason, in the audit."""
    with acting(office.sec):
        appoint(office.sys, SYSTEM, reason=WHY)
        assert held(office.sys) == (SYSTEM,)
        assert last("access:post:given")["subject"] == "sys"
        with refused("held"):
            appoint(office.sys, SYSTEM, reason=WHY)
        dismiss(office.sys, SYSTEM, reason=WHY)
        assert held(office.sys) == ()
        with refused("ended"):
            dismiss(office.sys, SYSTEM, reason=WHY)


def test_the_posts_of_administration_exclude_each_other(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the question, both would be held."""
    with acting(office.sec):
        appoint(office.sys, SYSTEM, reason=WHY)
        for other in sorted(posts.ADMINISTRATION - {SYSTEM}):
            if posts.posts()[other].duty == "system":
                with refused("posts-exclude"):
                    appoint(office.sys, other, reason=WHY)
        appoint(office.sys, "technical", reason=WHY)
        monkeypatch.setattr(appointments, "_require_together", lambda *a: None)
        appoint(office.sys, DATABASE, reason=WHY)
    assert set(held(office.sys)) == {SYSTEM, DATABASE, "technical"}


def test_a_post_needs_its_duty_and_the_police(office: Any) -> None:
    """A system administrator is not appointed to guard the guards."""
    with acting(office.sec):
        with refused("foreign-duty"):
            appoint(office.sys, "security-administration", reason=WHY)
        with refused("police-only"):
            appoint(office.sys2, SYSTEM, reason=WHY)
        with refused("unknown-post"):
            appoint(office.sys, "coffee", reason=WHY)
        with refused("oneself"):
            appoint(office.sec, "security-administration", reason=WHY)
    with acting(office.sys), refused("actor-duty"):
        appoint(office.sys2, "technical", reason=WHY)


def test_a_duty_does_not_change_under_a_post(office: Any) -> None:
    """Nor does being police."""
    with acting(office.sec):
        appoint(office.sys, SYSTEM, reason=WHY)
    with acting_as(system_actor("a-test")):
        for fields in ({"duty": "audit"}, {"is_police": False, "number": "E1"}):
            with pytest.raises(Objected) as caught:
                change(office.sys, **fields)
            assert caught.value.code == "posts"


def test_a_project_declares_its_own_posts(office: Any, settings: Any) -> None:
    """One side of a pair is enough; the other need not be declared anew."""
    settings.JTSEC_ACCESS_POSTS = {
        "night-watch": {"title": "夜班", "duty": "system", "excludes": ["technical"]}
    }
    with acting(office.sec):
        appoint(office.sys, "technical", reason=WHY)
        with refused("posts-exclude"):
            appoint(office.sys, "night-watch", reason=WHY)


@pytest.mark.parametrize(
    "post", [{"duty": "system"}, {"title": "x", "duty": "all"}, {"title": 1, "a": 2}, 7]
)
def test_a_misdeclared_post_is_refused_at_start(settings: Any, post: Any) -> None:
    """A post without a duty would fit everybody."""
    settings.JTSEC_ACCESS_POSTS = {"night-watch": post}
    with pytest.raises(ConfigurationError):
        access_settings()


@pytest.mark.clause("A4.14")
def test_a_clearance_is_given_and_taken(office: Any) -> None:
    """Both in the audit; of a number that is none nothing is stored."""
    with acting(office.sec):
        set_clearance(office.zhang, 3, reason=WHY)
        assert last("access:clearance:changed")["data"]["after"] == {"clearance": 3}
        set_clearance(office.zhang, 1, reason=WHY)
        for level in (-1, 101, True, "2"):
            with refused("out-of-range"):
                set_clearance(office.zhang, level, reason=WHY)  # type: ignore[arg-type]
        with refused("no-change"):
            set_clearance(office.zhang, 1, reason=WHY)
        with refused("oneself"):
            set_clearance(office.sec, 9, reason=WHY)
        by_sql("jtsec_accessprofile", "clearance", 9, identity_id=office.zhang.pk)
        with refused("seal-broken"):
            set_clearance(office.zhang, 2, reason=WHY)
