"""
The verbs of identity; the only way an identity is made or changed (A3.1.4).

    with acting_as(system_actor("staff import")):
        identity = register(user, name="张三", resident_id="…", is_police=True,
                            number="012345", organisation="110000000000",
                            duty="business")

Whoever reads asks `identity_of`, `actor_of` and `uid_of`, which use the joined row.
Whoever lets somebody in asks `user_by_login_name` and then `verify`.
"""

from __future__ import annotations

from .adoption import adopt_password, clear_adopted_password, is_adopted
from .announcements import (
    Objected,
    on_changed,
    on_deactivated,
    on_organisations_changed,
    on_rename,
)
from .changes import change, deactivate, reactivate
from .gate import NotAllowed, serialised
from .holding import fresh
from .importing import typed_values
from .ledger import Taken
from .login_names import canonical_login_name, fold_login_name
from .models import Duty
from .organisations import (
    create_organisation,
    deactivate_organisation,
    descendants,
    move_organisation,
    rename_organisation,
)
from .people import (
    actor_of,
    identity_of,
    uid_of,
    user_by_login_name,
    user_by_pk,
    verify,
    verify_actor,
)
from .registration import check_registration, register
from .restoring import restore
from .seal import SealBroken
from .staff_file import Fault, UnusableFile, read_rows
from .writing import DirectWrite

__all__ = [
    "DirectWrite",
    "Duty",
    "Fault",
    "NotAllowed",
    "Objected",
    "SealBroken",
    "Taken",
    "UnusableFile",
    "actor_of",
    "adopt_password",
    "canonical_login_name",
    "change",
    "check_registration",
    "clear_adopted_password",
    "create_organisation",
    "deactivate",
    "deactivate_organisation",
    "descendants",
    "fold_login_name",
    "fresh",
    "identity_of",
    "is_adopted",
    "move_organisation",
    "on_changed",
    "on_deactivated",
    "on_organisations_changed",
    "on_rename",
    "reactivate",
    "read_rows",
    "register",
    "rename_organisation",
    "restore",
    "serialised",
    "typed_values",
    "uid_of",
    "user_by_login_name",
    "user_by_pk",
    "verify",
    "verify_actor",
]
