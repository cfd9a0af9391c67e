"""Made-up organisations and made-up people, registered in the ordinary way."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User

from jtsec.authentication.api import set_password
from jtsec.identity.api import Duty, create_organisation, identity_of, register
from jtsec.identity.models import Organization

PASSWORD = "Jtsec@Demo2026"

ORGANISATIONS = (
    ("110000000001", "示例市公安局交通警察支队", ""),
    ("110000000101", "交通警察支队城东大队", "110000000001"),
    ("110000000102", "交通警察支队城西大队", "110000000001"),
    ("110000000103", "交通警察支队车辆管理所", "110000000001"),
)
"""Code, name and the code of the superior; none of them exists."""


@dataclass(frozen=True)
class Person:
    """
    Somebody of the demonstration.

    The ID numbers name a province and no county; nobody can have such a number.
    """

    username: str
    name: str
    resident_id: str
    is_police: bool
    number: str
    organisation: str
    duty: str


PEOPLE = (
    Person(
        "sysadmin",
        "周明远",
        "110000197803121015",
        True,
        "010001",
        "110000000001",
        Duty.SYSTEM,
    ),
    Person(
        "secadmin",
        "孙静怡",
        "110000198111062020",
        True,
        "010002",
        "110000000001",
        Duty.SECURITY,
    ),
    Person(
        "auditor",
        "吴国栋",
        "110000198509201035",
        True,
        "010003",
        "110000000001",
        Duty.AUDIT,
    ),
    Person(
        "zhang",
        "张立新",
        "110000199002143010",
        True,
        "010011",
        "110000000101",
        Duty.BUSINESS,
    ),
    Person(
        "li",
        "李晓雯",
        "110000199212034023",
        True,
        "010012",
        "110000000102",
        Duty.BUSINESS,
    ),
    Person(
        "wang",
        "王雨桐",
        "110000199507185021",
        False,
        "FJ-0021",
        "110000000103",
        Duty.BUSINESS,
    ),
    # A correction of what is approved takes a second approval, and a third person
    # who carries it out (clause P45).
    Person(
        "zhao",
        "赵卫东",
        "110000197406081056",
        True,
        "010013",
        "110000000001",
        Duty.BUSINESS,
    ),
    Person(
        "chen",
        "陈思远",
        "110000198809233020",
        True,
        "010014",
        "110000000001",
        Duty.BUSINESS,
    ),
)


def make_people() -> int:
    """
    Register who is not registered yet; somebody must be acting.

    Returns:
        How many were registered now.
    """
    _make_organisations()
    return sum(_make_person(person) for person in PEOPLE)


def _make_organisations() -> None:
    for code, name, superior in ORGANISATIONS:
        if not Organization.objects.filter(code=code).exists():
            parent = Organization.objects.filter(code=superior).first()
            create_organisation(code=code, name=name, parent=parent)


def _make_person(person: Person) -> bool:
    user, _ = User.objects.get_or_create(username=person.username)
    if identity_of(user) is not None:
        return False
    identity = register(
        user,
        name=person.name,
        resident_id=person.resident_id,
        is_police=person.is_police,
        number=person.number,
        organisation=person.organisation,
        duty=person.duty,
    )
    # As if chosen by its owner: a tester logs in without changing it first.
    set_password(identity.user, PASSWORD, by_owner=True)
    return True
