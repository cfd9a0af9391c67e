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


def test_an_option_that_has_no_effect_is_refused(place):
    """Left out it would widen what is done: all is archived, or more is dropped."""
    past(500)
    past(450)
    present()
    registered("auditor", 11, duty="audit")
    assert code("jtsec_audit_archive", "--segment", "x") == 2
    assert code("jtsec_audit_archive", "--filter", "code=x") == 2
    assert code("jtsec_audit_archive", "--since", day(600)) == 2
    assert list(place.iterdir()) == []
    said("jtsec_audit_archive", "--until", day(400))
    names = sorted(path.name for path in place.iterdir())
    who = ("--actor", "auditor", "--reason", "over a year")
    drop = ("jtsec_audit_archive", "--drop", *who, "--json")
    with pytest.raises(CommandError, match="not allowed with"):
        said(*drop, "--list")
    gone = said(*drop, "--segment", names[1], "--until", day(470))
    assert json.loads(gone) == {"dropped": []}
    assert AuditRecord.objects.filter(resource__startswith="old:").count() == 11
    gone = json.loads(said(*drop, "--segment", names[1], "--until", day(420)))
    assert [one["segment"] for one in gone["dropped"]] == [names[1]]


def test_what_nobody_has_thought_of_accuses_nobody(place, monkeypatch):
    """Python ends with 1, which says that something was altered."""
    past(500)
    present()
    registered("auditor", 11, duty="audit")
    said("jtsec_audit_archive", "--until", day(400))
    (name,) = (path.name for path in place.iterdir())
    who = ("--actor", "auditor", "--reason", "over a year")
    assert code("jtsec_audit_restore", name, "--database", "nowhere", *who) == 2

    def fail(*_arguments: object, **_options: object) -> None:
        raise BrokenPipeError("nobody reads")

    commands = "jtsec.management.commands"
    monkeypatch.setattr(f"{commands}.jtsec_audit_archive.show", fail)
    assert code("jtsec_audit_archive", "--show", name) == 2
    monkeypatch.setattr(f"{commands}.jtsec_audit_restore.restore", fail)
    assert code("jtsec_audit_restore", name, *who) == 2
    monkeypatch.setattr(f"{commands}.jtsec_audit_seal.seal_now", fail)
    assert code("jtsec_audit_seal") == 2


def test_the_proof_of_what_was_dropped_is_sent_to_its_segment(place):
    """That there is no such event would be wrong."""
    past(500)
    present()
    registered("auditor", 11, duty="audit")
    first = AuditRecord.objects.order_by("id")[0].pk
    said("jtsec_audit_archive", "--until", day(400))
    said("jtsec_audit_archive", "--drop", "--actor", "auditor", "--reason", "x")
    with pytest.raises(CommandError, match=r"archived|归档") as error:
        said("jtsec_audit_verify", "--proof", str(first))
    assert error.value.returncode == 2
