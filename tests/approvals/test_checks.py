"""What the checks, the evidence and the command say."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from django.core.management import call_command

from jtsec.approvals import api, checks, evidence
from jtsec.approvals.kinds import Kind, Step, register_kind
from jtsec.approvals.models import State
from jtsec.core.exceptions import InputError
from tests.authentication.recorded import last

from . import desk

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("cheap_passwords"),
]


def ids(found: list[Any]) -> list[str]:
    """Return the ids of messages."""
    return [one.id for one in found]


def test_nothing_is_said_of_a_project_in_order() -> None:
    """The kinds of jtsec's own name rights that exist."""
    assert checks.check_acts(None) == []
    assert checks.check_rights(None) == []
    assert checks.check_forgotten(None) == []


def test_an_act_that_no_kind_does_is_an_error(settings: Any) -> None:
    """It would be closed to everybody for good."""
    settings.JTSEC_APPROVALS_ACTS = ("access.asign",)
    found = checks.check_acts(None)
    assert ids(found) == ["jtsec.E340"]
    assert "access.assign" in str(found[0].hint)


def test_a_right_that_nobody_declares_is_an_error() -> None:
    """A misspelt step could be taken by nobody."""
    with desk.known(desk.kind(steps=(Step("plainapp.chek_driver", "审核"),))):
        assert ids(checks.check_rights(None)) == ["jtsec.E341"]


def test_what_lies_forgotten_is_named_and_closed() -> None:
    """Past its deadline, or of a kind that is gone."""
    zhang = desk.somebody("zhang", desk.FILE)
    with desk.known(desk.kind(deadline=timedelta(seconds=-1))):
        row = desk.file(zhang, desk.driver())
        assert ids(checks.check_forgotten(None)) == ["jtsec.W212"]
        out = StringIO()
        call_command("jtsec_approvals", "--expire", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"closed": 1, "open": []}
    assert api.find(row.pk).state == State.EXPIRED


def test_one_that_cannot_be_closed_keeps_no_other_open() -> None:
    """Its object is gone, or refuses to hear of it; the failure is recorded."""
    zhang = desk.somebody("zhang", desk.FILE)

    def ended(application: api.Application, state: str) -> None:
        if application.payload["name"] == "gone":
            raise InputError("there is no such driver")

    with desk.known(desk.kind(deadline=timedelta(seconds=-1), ended=ended)):
        gone = desk.file(zhang, desk.driver(), "gone")
        others = [desk.file(zhang, desk.driver()) for _which in range(2)]
        assert api.expire_overdue() == 2
    assert api.find(gone.pk).state == State.PENDING
    assert {api.find(one.pk).state for one in others} == {State.EXPIRED}
    assert last("approvals:execution:failed")["resource"] == gone.reference


def test_a_kind_says_who_approves() -> None:
    """Without a step, with a malformed right, or twice it is refused at once."""
    with pytest.raises(ValueError, match="who approves"):
        desk.kind(steps=())
    with pytest.raises(ValueError, match="not a right"):
        desk.kind(submit_rights=("anybody",))

    def other(application: object) -> None:
        """Do something else."""

    with pytest.raises(ValueError, match="already"):
        register_kind(desk.kind(executor=other))
    assert isinstance(register_kind(desk.kind(name="again")), Kind)


@pytest.mark.clause("A4.4", "P45", "P54.3")
def test_the_evidence_counts_what_makers_approved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """None; and it would see one."""
    from jtsec.approvals import judging

    zhang = desk.somebody("zhang", desk.FILE, desk.CHECK)
    li = desk.somebody("li", desk.CHECK)
    row = desk.file(zhang, desk.driver())
    with desk.as_user(li):
        api.approve(row.id, revision=row.revision)
    facts = {one.clause: one for one in evidence.facts()}
    assert facts["P54.3"].holds is True
    own = desk.file(zhang, desk.driver())
    monkeypatch.setattr(judging, "makers_of", lambda held, kind: frozenset())
    with desk.as_user(zhang):
        api.approve(own.id, revision=own.revision)
    facts = {one.clause: one for one in evidence.facts()}
    assert facts["P54.3"].holds is False


def test_the_deadline_is_told_as_people_read_it(settings: Any) -> None:
    """In the project's zone, to the second; programs get it with its offset."""
    settings.TIME_ZONE = "Asia/Shanghai"
    zhang = desk.somebody("zhang", desk.FILE)
    with desk.known(desk.kind()):
        row = desk.file(zhang, desk.driver())
        out = StringIO()
        call_command("jtsec_approvals", stdout=out)
    local = row.deadline.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f" {local:%Y-%m-%d %H:%M:%S}\n" in out.getvalue()
