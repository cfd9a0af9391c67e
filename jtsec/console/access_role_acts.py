"""What the buttons of a role do: at once, or by an application (clause A4.4)."""

from __future__ import annotations

from typing import Final

from jtsec.access.api import change_role, create_role, end_role
from jtsec.access.models import Role
from jtsec.approvals.api import apply_for_role_change

from .access_role_forms import RoleForm
from .acting import Act
from .applying import either

ACT: Final = "access.change-role"


def making(duty: str, form: RoleForm) -> Act:
    """Return what makes the role of a form; read when it is valid."""

    def make() -> object:
        typed = form.cleaned_data
        said_of_it = {"duty": duty, **form.content()}
        return either(
            ACT,
            lambda: create_role(typed["code"], reason=typed["reason"], **said_of_it),
            lambda: apply_for_role_change(
                typed["code"], said_of_it, reason=typed["reason"], action="create"
            ),
        )()

    return make


def changing(found: Role, form: RoleForm) -> Act:
    """Return what changes a role as a form says."""
    changes, why = form.content(), form.cleaned_data["reason"]
    return either(
        ACT,
        lambda: change_role(found, reason=why, **changes),
        lambda: apply_for_role_change(found, changes, reason=why),
    )


def ending_of(found: Role, why: str) -> object:
    """End a role, or apply for its end."""
    return either(
        ACT,
        lambda: end_role(found, reason=why),
        lambda: apply_for_role_change(found, reason=why, action="end"),
    )()
