"""Who may do what in the demonstration: roles, clearances and terminals (A4.6)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import Group

from jtsec.access.api import (
    assign,
    bind_terminal,
    bindings_of,
    create_role,
    set_clearance,
)
from jtsec.access.models import Role
from jtsec.identity.api import Duty, user_by_login_name
from jtsec.identity.models import Identity

from ..functions import (
    APPROVE,
    CHECK_CORRECTION,
    CONFIRM_CORRECTION,
    EXECUTE_CORRECTION,
    EXPORT,
    FILE,
    QUERY,
    REQUEST_CORRECTION,
    TRACE,
    VIEW_OWNER,
)
from ..models import Permit

FORMER_GROUP = "业务用户"
WHY = "演示数据"
TERMINAL = "127.0.0.1"
BOUND = ("zhang",)
"""Li is not bound on purpose: the same page, refused."""


@dataclass(frozen=True)
class Post:
    """
    A role of the demonstration and who holds it.

    Args:
        holders: login names, each with the code of the organisation whose data they
            reach, those below included.
        is_cleared: whether they see what is labelled sensitive.
    """

    code: str
    name: str
    rights: tuple[str, ...]
    holders: tuple[tuple[str, str], ...]
    parents: tuple[str, ...] = ()
    is_cleared: bool = True


POSTS = (
    Post(
        "permit-clerk",
        "通行证受理员",
        (QUERY, FILE),
        (("wang", "110000000103"),),
        is_cleared=False,
    ),
    Post(
        "permit-officer",
        "通行证受理民警",
        (VIEW_OWNER, REQUEST_CORRECTION),
        (("zhang", "110000000101"),),
        parents=("permit-clerk",),
    ),
    Post(
        "permit-approver",
        "通行证审批民警",
        (QUERY, APPROVE, VIEW_OWNER, CHECK_CORRECTION),
        (("li", "110000000001"),),
    ),
    Post(
        "permit-leader",
        "更正批准人",
        (QUERY, CONFIRM_CORRECTION),
        (("zhao", "110000000001"),),
    ),
    Post(
        "permit-executor",
        "更正执行人",
        (QUERY, EXECUTE_CORRECTION),
        (("chen", "110000000001"),),
    ),
    Post(
        "permit-investigator",
        "通行证核查民警",
        (EXPORT, TRACE),
        (("zhang", "110000000101"), ("li", "110000000001")),
        is_cleared=False,
    ),
)


def make_roles() -> int:
    """
    Make the roles that were never made, and give them to their holders.

    What an administrator has changed, ended or taken back since stays so.

    Returns:
        How many roles were made now.
    """
    known = set(Role.objects.values_list("code", flat=True))
    missing = [post for post in POSTS if post.code not in known]
    for post in missing:
        _make_role(post)
    # Earlier copies gave the rights by a group of Django's, which counts no more.
    Group.objects.filter(name=FORMER_GROUP).delete()
    return len(missing)


def _make_role(post: Post) -> None:
    create_role(
        post.code,
        name=post.name,
        duty=Duty.BUSINESS,
        rights=post.rights,
        parents=post.parents,
        reason=WHY,
    )
    for username, organisation in post.holders:
        identity = _identity(username)
        assign(identity, post.code, organisation=organisation, reason=WHY)
        if post.is_cleared:
            set_clearance(identity, Permit.Sensitivity.SENSITIVE, reason=WHY)
        if username in BOUND and not bindings_of(identity).exists():
            bind_terminal(identity, networks=(TERMINAL,), reason=WHY)


def _identity(username: str) -> Identity:
    user = user_by_login_name(username)
    if user is None:
        raise LookupError(f"{username} is registered before roles are given")
    found: Identity = user.jtsec_identity
    return found
