"""The pages of posts and clearances."""

from __future__ import annotations

import pytest

from django.test import Client

from jtsec.access.models import AccessProfile
from tests.authentication.persons import loaded, registered
from tests.console.conftest import newest, refused

pytestmark = pytest.mark.django_db

LIST = "/console/security/posts/"
UNKNOWN = "0198c1f0-0000-7000-8000-000000000001"


def page_of(username: str) -> str:
    """Return the address of somebody's posts."""
    return f"{LIST}{loaded(username).jtsec_identity.uid}/"


def appointed(post: str, reason: str = "任命") -> dict[str, str]:
    """Return the form of an appointment."""
    return {"post-post": post, "post-reason": reason}


def cleared(level: str, reason: str = "岗位需要") -> dict[str, str]:
    """Return the form of a clearance."""
    return {"act": "clearance", "level-clearance": level, "level-reason": reason}


@pytest.mark.clause("P15.1")
def test_a_post_is_given_and_taken_back(security_admin: Client) -> None:
    """Those that exclude each other never meet in one person."""
    registered("zhang", 21, name="张大山", duty="system")
    page = page_of("zhang")
    form = appointed("database-administration")
    assert security_admin.post(page, form).status_code == 302
    assert newest().actor_username == "secadmin"
    assert "张大山" in security_admin.get(LIST).content.decode()
    other = security_admin.post(page, appointed("network-administration"))
    assert other.status_code == 403
    assert (newest().code, newest().reason) == (
        "access:policy:refused", "posts-exclude",
    )  # fmt: skip
    assert AccessProfile.objects.get().posts == ["database-administration"]
    end = f"{page}database-administration/end/"
    assert security_admin.get(end).status_code == 200
    assert security_admin.post(end, {"reason": ""}).status_code == 400
    assert security_admin.post(end, {"reason": "轮岗"}).status_code == 302
    assert AccessProfile.objects.get().posts == []
    assert security_admin.get(end).status_code == 404


@pytest.mark.clause("P15.1")
def test_a_post_for_police_officers_is_refused_to_others(
    security_admin: Client,
) -> None:
    """And one of another duty is not even offered."""
    registered("wang", 22, duty="system", is_police=False)
    page = page_of("wang")
    form = appointed("database-administration")
    assert security_admin.post(page, form).status_code == 403
    assert newest().reason == "police-only"
    for post, reason in (("business-handler", "x"), ("", "x"), ("technical", "")):
        assert security_admin.post(page, appointed(post, reason)).status_code == 400
    assert not AccessProfile.objects.exists()


@pytest.mark.clause("A4.14")
def test_a_clearance_is_set_with_a_reason(security_admin: Client) -> None:
    """A number from 0 to 100; never one's own."""
    registered("zhang", 21)
    page = page_of("zhang")
    assert security_admin.post(page, cleared("3")).status_code == 302
    assert AccessProfile.objects.get().clearance == 3
    assert (newest().actor_username, newest().reason) == ("secadmin", "岗位需要")
    for level, reason in (("-1", "x"), ("101", "x"), ("much", "x"), ("4", "")):
        answer = security_admin.post(page, cleared(level, reason))
        assert answer.status_code == 400
        assert "_error" in answer.content.decode()
    assert security_admin.post(page_of("secadmin"), cleared("9")).status_code == 403
    assert AccessProfile.objects.get().clearance == 3


@pytest.mark.clause("A4.2", "A4.4")
def test_no_other_duty_sees_or_changes_posts(not_security: Client) -> None:
    """Neither by the pages nor by sending their forms."""
    registered("zhang", 21)
    for page in (LIST, page_of("zhang"), f"{page_of('zhang')}technical/end/"):
        assert not_security.get(page).status_code == 403
        assert not_security.post(page, cleared("9")).status_code in (403, 405)
    assert refused()[0] == "wrong-duty"
    assert not AccessProfile.objects.exists()


def test_who_is_not_there_is_not_found(security_admin: Client) -> None:
    """Nor a post that somebody does not hold."""
    registered("zhang", 21)
    assert security_admin.get(f"{LIST}{UNKNOWN}/").status_code == 404
    assert security_admin.get(f"{page_of('zhang')}technical/end/").status_code == 404
    assert security_admin.get(f"{LIST}?text=zhang").status_code == 200


def test_who_is_excluded_is_said_on_both_sides(security_admin: Client) -> None:
    """Whoever looks at either post of a pair learns of the other."""
    rows = security_admin.get(LIST).context["posts"]
    titles = {post.code: str(post.title) for post, _others in rows}
    others = {post.code: others for post, others in rows}
    assert titles["business-handler"] in others["business-manager"]
    assert titles["business-manager"] in others["business-handler"]
