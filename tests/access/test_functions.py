"""Rights that belong to a duty, whatever Django's permission tables say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from jtsec.access import functions
from jtsec.access.api import bind_right, may_use
from jtsec.audit.models import AuditRecord
from jtsec.core.context import acting_as, system_actor
from tests.identity import people

pytestmark = pytest.mark.django_db
RIGHT = "jtsec.view_auditrecord"


@pytest.fixture(autouse=True)
def _bound(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Bind the right for one test only."""
    monkeypatch.setattr(functions, "_duties", {RIGHT: "audit"})
    with acting_as(system_actor("a-test")):
        yield


@pytest.mark.clause("A4.4")
def test_a_bound_right_is_the_duty_s_alone() -> None:
    """A permission row gives it to nobody, and the duty needs none."""
    auditor = people.person("Shen", 1, duty="audit")
    clerk = people.person("Zhang", 2, duty="business")
    kind = ContentType.objects.get_for_model(AuditRecord)
    permission = Permission.objects.get(content_type=kind, codename="view_auditrecord")
    clerk.user.user_permissions.add(permission)
    assert may_use(auditor.user, RIGHT)
    assert clerk.user.has_perm(RIGHT)
    assert not may_use(clerk.user, RIGHT)


def test_a_right_that_is_not_bound_is_django_s() -> None:
    """What an adopter grants by Django's permissions stays so."""
    clerk = people.person("Zhang", 2, duty="business")
    assert not may_use(clerk.user, "permits.view_permit")


def test_a_right_is_bound_once() -> None:
    """Two controls cannot give one right to two duties."""
    with pytest.raises(ValueError, match="belongs to the duty audit"):
        bind_right(RIGHT, "system")
