"""What the commands print, and with which exit code they end."""

from __future__ import annotations

import json
from io import StringIO

import pytest

from django.core.management import CommandError, call_command
from django.utils import timezone

from jtsec.audit.models import AuditRecord
from tests.audit.archive.made import days_ago, flip, past, present
from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import registered

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.clause("A5.9"),
    pytest.mark.usefixtures("cheap_passwords"),
]


def said(name: str, *arguments: str) -> str:
    """Run a command and return what it printed."""
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def code(name: str, *arguments: str) -> int:
    """Run a command that fails, and return its exit code."""
    with pytest.raises(CommandError) as error:
        said(name, *arguments)
    return error.value.returncode


def day(ago: int) -> str:
    """Return a day as it is typed."""
    with days_ago(ago) as then:
        return f"{timezone.localtime(then):%Y-%m-%d}"


def test_the_whole_way_by_commands(place):
    """Archive, list, drop, show, restore; each says what it did."""
    past(500)
    present()
    registered("auditor", 11, duty="audit")
    made = json.loads(said("jtsec_audit_archive", "--until", day(400), "--json"))
    (segment,) = made["archived"]
    assert segment["rows"] == 5
    name = segment["segment"]
    who = ("--actor", "auditor", "--reason", "over a year")
    gone = json.loads(said("jtsec_audit_archive", "--drop", *who, "--json"))
    assert gone == {"dropped": [{"segment": name, "rows": 5}]}
    listed = json.loads(said("jtsec_audit_archive", "--list", "--json"))
    assert [one["is_in_database"] for one in listed if one["segment"]] == [False]
    shown = said("jtsec_audit_archive", "--show", name, "--filter", "resource=*:3")
    assert [json.loads(line)["resource"] for line in shown.splitlines()] == [
        "old:500:0:3"
    ]
    back = said("jtsec_audit_restore", name, *who, "--json")
    assert json.loads(back) == {"restored": name, "rows": 5}
    (moved,) = AuditRecord.objects.filter(code="audit:archive:restored")
    assert (moved.actor_username, moved.reason) == ("auditor", "over a year")


def test_refusals_and_damage_have_their_codes(place, settings):
    """1 altered, 2 cannot, 3 refused; in each case nothing was dropped."""
    past(500)
    past(364)
    present()
    registered("auditor", 11, duty="audit")
    said("jtsec_audit_archive", "--until", day(-1))
    who = ("--actor", "auditor", "--reason", "over a year")
    names = sorted(path.name for path in place.iterdir())
    drop = ("jtsec_audit_archive", "--drop")
    assert code(*drop, "--reason", "x") == 3
    assert code(*drop, "--actor", "nobody", "--reason", "x") == 3
    assert code(*drop, "--actor", "auditor") == 3
    assert code(*drop, *who, "--until", day(363)) == 3
    assert code(*drop, *who, "--segment", names[1]) == 3
    assert code(*drop, *who, "--until", "yesterday") == 2
    assert code("jtsec_audit_archive", "--show", names[0], "--filter", "x") == 2
    assert code("jtsec_audit_restore", names[0], *who) == 3
    flip(place / names[0], 700)
    assert code(*drop, *who) == 1
    settings.JTSEC_AUDIT_ARCHIVE_DIRECTORY = str(place / "away")
    assert code(*drop, *who) == 2
    assert code("jtsec_audit_archive") == 2
    settings.JTSEC_AUDIT_ARCHIVE_DIRECTORY = ""
    assert code("jtsec_audit_archive") == 2
    assert AuditRecord.objects.filter(resource__startswith="old:500").count() == 5
