"""The seam at which dangerous acts ask for leave."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from django.test import RequestFactory

from jtsec.core import acts
from jtsec.core.acts import ApprovalRequired, require_leave, set_judge
from jtsec.core.context import Actor, Context, acting_as, enter, leave, system_actor

LI = Actor(kind="person", uid="1", username="li")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Mapping[str, object]]]:
    """Have a judge who refuses everything, and return what was asked."""
    heard: list[tuple[str, Mapping[str, object]]] = []

    def judge(act: str, about: Mapping[str, object]) -> None:
        heard.append((act, about))
        raise ApprovalRequired(act)

    monkeypatch.setattr(acts, "_judge", acts._judge)
    set_judge(judge)
    return heard


def test_without_approvals_nothing_stands_under_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A project that leaves the package out keeps its verbs."""
    monkeypatch.setattr(acts, "_judge", acts._lets_pass)
    with acting_as(LI):
        require_leave("access.assign", person="7")


def test_a_person_is_judged(asked: list[tuple[str, Mapping[str, object]]]) -> None:
    """And so is nobody, who could be anybody."""
    with acting_as(LI), pytest.raises(ApprovalRequired) as caught:
        require_leave("access.assign", person="7")
    assert caught.value.reason == "approval-required"
    with pytest.raises(ApprovalRequired):
        require_leave("access.assign")
    assert asked == [("access.assign", {"person": "7"}), ("access.assign", {})]


def test_a_command_at_the_console_passes(
    asked: list[tuple[str, Mapping[str, object]]],
) -> None:
    """It is the way back when nobody is left to approve."""
    with acting_as(system_actor("jtsec_init")):
        require_leave("access.assign", person="7")
    assert asked == []


def test_in_a_request_nobody_is_a_command(
    asked: list[tuple[str, Mapping[str, object]]],
) -> None:
    """A view that calls itself a system would get around the second person."""
    token = enter(Context(RequestFactory().get("/")))
    try:
        with acting_as(system_actor("job")), pytest.raises(ApprovalRequired):
            require_leave("access.assign")
    finally:
        leave(token)
