"""Answers Django's questions about permissions by the one decision (A4.1, A4.3)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from jtsec.identity.api import identity_of

from . import django_permissions, policy
from .decision import decide
from .models import Assignment, RightGrant


class PolicyAnswers:
    """Is the judge behind `user.has_perm`, `perms` in templates and the admin."""

    def may(self, user: Any, right: str, obj: Any) -> bool:
        """Answer whether somebody may use a function, on an object where given."""
        return decide(user, right, obj).allowed

    def rights_of(self, user: Any) -> set[str]:
        """Return all rights somebody may use now, from here."""
        identity = identity_of(user)
        if identity is None:
            return set()
        held = set(policy.grants_of(identity).rights)
        if django_permissions.count():
            held |= django_permissions.names_of(user)
        return {right for right in held if decide(user, right)}

    def users_with(self, users: Any, right: str) -> Any:
        """
        Return those of some users who may use a function.

        Args:
            users: a queryset of the user model.
            right: the function's right.
        """
        likely = _who_may_have(right)
        candidates = users if likely is None else users.filter(likely)
        joined = candidates.select_related("jtsec_identity__organisation")
        return users.filter(pk__in=[one.pk for one in joined if decide(one, right)])


def _who_may_have(right: str) -> Q | None:
    """Return who is worth being asked about; None where it may be everybody."""
    known = policy.current()
    function = known.demands_of(right)
    if function is None:
        return Q(pk__in=[])
    if function.by_duty or function.set_up:
        return Q(jtsec_identity__isnull=False)
    if django_permissions.count():
        return None
    giving = [pk for pk, role in known.roles.items() if right in role.rights]
    alive = {"ended_at__isnull": True}
    holders = Assignment.objects.filter(role__in=giving, **alive)
    receivers = RightGrant.objects.filter(right=right, **alive)
    return Q(jtsec_identity__in=holders.values("identity")) | Q(
        jtsec_identity__in=receivers.values("identity")
    )
