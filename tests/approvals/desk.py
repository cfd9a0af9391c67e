"""A desk for tests: a kind of application, and people who file and decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

from jtsec.access.gate import policy_gate
from jtsec.access.models import Assignment, Role
from jtsec.access.rows import begin, end
from jtsec.approvals import api, kinds
from jtsec.approvals.application import Application
from jtsec.approvals.kinds import Kind, Step
from jtsec.approvals.models import ApprovalRequest
from jtsec.core.context import acting_as, system_actor
from jtsec.identity.api import actor_of
from tests.authentication.persons import registered
from tests.plainapp.models import Driver

FILE = "plainapp.add_driver"
CHECK = "plainapp.change_driver"
APPROVE = "plainapp.delete_driver"
EXECUTE = "plainapp.view_driver"
_which = count(100)


def rename_driver(application: Application) -> None:
    """Do what a correction asks for."""
    name = application.payload["name"]
    if name == "fail":
        raise RuntimeError("the disk is full")
    Driver.objects.filter(pk=application.payload["driver"]).update(name=name)


def version_of(resource: str) -> str:
    """Return the state of a driver; its name will do."""
    pk = resource.rpartition(":")[2]
    return Driver.objects.values_list("name", flat=True).get(pk=pk)


def last_editors(resource: str, payload: Mapping[str, Any]) -> list[str]:
    """Return whom the payload names as last editor of the object."""
    return [payload["edited_by"]] if "edited_by" in payload else []


def kind(code: str = "plainapp.rename", **changes: Any) -> Kind:
    """Return a kind of one step, to be registered in a test."""
    standard: dict[str, Any] = {
        "name": "更正驾驶人姓名",
        "submit_rights": (FILE,),
        "steps": (Step(CHECK, "科长审核"),),
        "executor": rename_driver,
        "version_of": version_of,
        "touched": last_editors,
    }
    return Kind(code=code, **(standard | changes))


@contextmanager
def known(*some: Kind) -> Iterator[None]:
    """Let kinds be known inside the block."""
    before = dict(kinds._kinds)
    try:
        for one in some:
            kinds._kinds.pop(one.code, None)
            kinds.register_kind(one)
        yield
    finally:
        kinds._kinds.clear()
        kinds._kinds.update(before)


def somebody(username: str, *rights: str, **fields: Any) -> Any:
    """Return a person with these rights, free to log in with `PASSWORD`."""
    user = registered(username, next(_which), **fields)
    give(user, *rights)
    return user


def give(user: Any, *rights: str) -> None:
    """Give somebody rights, by a role of their own."""
    identity = user.jtsec_identity
    with acting_as(system_actor("tests")), policy_gate() as by:
        for right in rights:
            code = f"role-{next(_which)}"
            role = Role(code=code, name=right, duty=identity.duty, rights=[right])
            begin(role, by, "tests")
            held = Assignment(identity=identity, role=role)
            held.organisation = identity.organisation
            begin(held, by, "tests")


def take(user: Any, *rights: str) -> None:
    """Take rights from somebody."""
    identity = user.jtsec_identity
    with acting_as(system_actor("tests")), policy_gate() as by:
        for held in Assignment.objects.filter(identity=identity, ended_at=None):
            if set(held.role.rights) & set(rights):
                end(held, by, "tests")


@contextmanager
def as_user(user: Any) -> Iterator[None]:
    """Act as somebody in the block, as their request would."""
    with acting_as(actor_of(user)):
        yield


def driver(name: str = "张三") -> Driver:
    """Return somebody whose name can be corrected."""
    return Driver.objects.create(name=name)


def file(user: Any, to: Driver, name: str = "张山", **more: Any) -> ApprovalRequest:
    """Have somebody apply for another name."""
    payload = {"driver": to.pk, "name": name, **more}
    with as_user(user):
        return api.submit(
            "plainapp.rename",
            resource=f"plainapp.driver:{to.pk}",
            payload=payload,
            before={"姓名": to.name},
            after={"姓名": name},
            reason="录入错误",
        )
