"""The registry of functions: what is declared once, in code, holds for everybody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from jtsec.access import functions
from jtsec.access.api import bind_right, declare, function, function_of, may_use
from jtsec.access.functions import Function
from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as, system_actor
from tests.identity import people

RIGHT = "jtsec.view_auditrecord"


@pytest.fixture(autouse=True)
def _bound(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Bind the right for one test only."""
    monkeypatch.setattr(functions, "_declared", {})
    monkeypatch.setattr(functions, "_completed", {})
    bind_right(RIGHT, "audit")
    with acting_as(system_actor("a-test")):
        yield


@pytest.mark.django_db
@pytest.mark.clause("A4.4")
def test_a_bound_right_is_the_duty_s_alone() -> None:
    """A permission row gives it to nobody, and the duty needs none."""
    auditor = people.person("Shen", 1, duty="audit")
    clerk = people.person("Zhang", 2, duty="business")
    kind = ContentType.objects.get_for_model(AuditRecord)
    permission = Permission.objects.get(content_type=kind, codename="view_auditrecord")
    clerk.user.user_permissions.add(permission)
    assert may_use(auditor.user, RIGHT)
    assert not may_use(clerk.user, RIGHT)


def test_a_right_is_bound_once() -> None:
    """Two controls cannot give one right to two duties."""
    with pytest.raises(ValueError, match="belongs to the duty audit"):
        bind_right(RIGHT, "system")


@pytest.mark.clause("A4.3")
def test_a_function_is_declared_once() -> None:
    """The same again changes nothing; otherwise one of two would be open."""
    first = function("permits.look", "Look", police_only=True)
    assert declare(Function("permits.look", "See", police_only=True)) is not first
    with pytest.raises(ValueError, match="differently"):
        function("permits.look", "Look")


@pytest.mark.clause("A4.4")
def test_a_conflict_named_by_one_side_holds_for_both() -> None:
    """Whoever declares the second function may not know of the first."""
    function("permits.apply", conflicts_with=("permits.approve",))
    function("permits.approve")
    approve = function_of("permits.approve")
    assert approve is not None
    assert approve.conflicts_with == frozenset({"permits.apply"})


def test_what_cannot_be_meant_is_refused_at_start() -> None:
    """Not by a visitor, years later."""
    for right, attributes in (
        ("permits look", {}),
        ("permits.look", {"duty": "everything"}),
        ("permits.look", {"conflicts_with": ("permits.look",)}),
        ("permits.look", {"conflicts_with": "permits.file"}),
    ):
        with pytest.raises(ValueError, match="permits"):
            function(right, **attributes)
