"""
Imports the people of a project that has users already: all of a file, or nothing.

The file is examined whole, so that one run shows every bad line; with a single one
nothing is changed. A line whose person is registered just so is left alone, which
makes the import safe to run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from jtsec.audit.api import record
from jtsec.core.exceptions import InputError
from jtsec.crypto import sm3
from jtsec.validation.api import check_organisation_code, check_plain_text

from .events import FileImported
from .gate import database, gate
from .login_names import login_key
from .models import Duty, Identity, Organization
from .organisations import NAME_LENGTH, create_organisation
from .particulars import checked, faults_of
from .people import identity_of, read_sealed
from .registration import register, require_free
from .staff_file import Fault, Row, read_rows

YES: Final = frozenset({"1", "true", "yes", "y", "是", "民警"})
NO: Final = frozenset({"0", "false", "no", "n", "否", "非民警", "非警员"})
DUTIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "业务": Duty.BUSINESS.value,
        "业务用户": Duty.BUSINESS.value,
        "业务办理": Duty.BUSINESS.value,
        "系统管理": Duty.SYSTEM.value,
        "系统管理员": Duty.SYSTEM.value,
        "安全管理": Duty.SECURITY.value,
        "安全管理员": Duty.SECURITY.value,
        "审计管理": Duty.AUDIT.value,
        "审计管理员": Duty.AUDIT.value,
    }
)
PERSONAL: Final = ("username", "name", "resident_id", "is_police", "number", "duty")


@dataclass
class Plan:
    """What a file comes to: what would be done, or what stands in the way."""

    people: list[tuple[Row, AbstractBaseUser]] = field(default_factory=list)
    organisations: dict[str, str] = field(default_factory=dict)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    _seen: dict[tuple[str, str], int] = field(default_factory=dict)

    def add_fault(self, row: Row, column: str, reason: str) -> None:
        """Note one thing that is wrong with a line."""
        self.faults.append(Fault(row.line, column, reason))

    def first_line_with(self, column: str, value: str, line: int) -> int:
        """Return the line that had this value first, which may be this one."""
        return self._seen.setdefault((column, value), line)


def import_staff(
    data: bytes, *, encoding: str = "utf-8", reason: str = "", dry_run: bool = False
) -> Plan:
    """
    Register the users that a CSV file names, in one transaction.

    Args:
        data: the file; its columns are those of `staff_file.COLUMNS`.
        encoding: utf-8 or gb18030.
        reason: why, for the audit.
        dry_run: only say what would happen.

    Returns:
        What was done, or, with `faults`, what stands in the way: then nothing was.

    Raises:
        UnusableFile: it is no such file.
        NotAllowed: nobody acts, or the actor's duty does not include this.
    """
    rows, faults = read_rows(data, encoding)
    with nullcontext() if dry_run else gate():
        plan = _examined(rows)
        plan.faults = sorted([*faults, *plan.faults], key=lambda fault: fault.line)
        if dry_run:
            return plan
        if plan.faults:
            transaction.set_rollback(True, using=database())
        else:
            _carry_out(plan, sm3.hexdigest(data), reason)
    return plan


def _carry_out(plan: Plan, digest: str, reason: str) -> None:
    for code, name in plan.organisations.items():
        create_organisation(code=code, name=name)
    for row, user in plan.people:
        values = typed_values(row)
        register(user, **{key: values[key] for key in values if key != "username"})
    record(
        FileImported(
            registered=len(plan.people),
            unchanged=plan.unchanged,
            digest=digest,
            reason=reason,
        )
    )


def _examined(rows: list[Row]) -> Plan:
    plan = Plan()
    users = dict(_users_of(row.values["username"] for row in rows))
    for row in rows:
        before = len(plan.faults)
        typed = typed_values(row)
        for error in faults_of({key: typed[key] for key in PERSONAL}):
            plan.add_fault(row, error.field, str(error))
        _examine_organisation(plan, row)
        user = users.get(row.values["username"])
        if user is None:
            plan.add_fault(row, "username", _("There is no user of this name."))
        if len(plan.faults) == before and user is not None:
            _examine_person(plan, row, user, typed)
    return plan


def _examine_person(
    plan: Plan, row: Row, user: AbstractBaseUser, typed: dict[str, Any]
) -> None:
    values = checked({key: typed[key] for key in PERSONAL})
    for column, value in (
        ("username", login_key(values["username"])),
        ("resident_id", values["resident_id"]),
        ("number", values["number"]),
    ):
        first = plan.first_line_with(column, value, row.line)
        if first != row.line:
            message = _("The same as in line %(line)d.")
            plan.add_fault(row, column, message % {"line": first})
            return
    try:
        with read_sealed("", values["username"]):
            identity = identity_of(user)
        if identity is None:
            require_free(values, None)
            plan.people.append((row, user))
        elif _is_same(identity, values, typed["organisation"]):
            plan.unchanged += 1
        else:
            message = _("This user is registered already, with other particulars.")
            plan.add_fault(row, "username", message)
    except InputError as error:
        plan.add_fault(row, error.field, str(error))


def _examine_organisation(plan: Plan, row: Row) -> None:
    name = row.values.get("organisation_name", "")
    try:
        code = check_organisation_code(row.values["organisation"])
        known = Organization.objects.filter(code=code).first()
        if known is not None and not known.is_active:
            message = _("There is no active organisation with this code.")
            raise InputError(message, field="organisation")
        if known is not None:
            return
        if not check_plain_text(name, "organisation_name", max_length=NAME_LENGTH):
            message = _("This organisation is not known; give its organisation_name.")
            raise InputError(message, field="organisation")
        if plan.organisations.setdefault(code, name) != name:
            message = _("Another line gives this organisation another name.")
            raise InputError(message, field="organisation_name")
    except InputError as error:
        plan.add_fault(row, error.field, str(error))


def _is_same(identity: Identity, values: Mapping[str, Any], code: str) -> bool:
    return identity.organisation.code == code and all(
        getattr(identity, key) == values[key] for key in PERSONAL if key != "username"
    )


def typed_values(row: Row) -> dict[str, Any]:
    """Return a line's values as `register` wants them; words for flag and duty."""
    values: dict[str, Any] = dict(row.values)
    values.pop("organisation_name", None)
    word = values["is_police"].casefold()
    values["is_police"] = True if word in YES else False if word in NO else word
    values["duty"] = DUTIES.get(values["duty"], values["duty"].casefold())
    return values


def _users_of(names: Iterable[str]) -> Iterator[tuple[str, AbstractBaseUser]]:
    """Yield the users of these very names; a loose collation finds others as well."""
    model = get_user_model()
    wanted = list(dict.fromkeys(names))
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        found = model._default_manager.filter(**{f"{model.USERNAME_FIELD}__in": chunk})
        for user in found:
            yield user.get_username(), user
