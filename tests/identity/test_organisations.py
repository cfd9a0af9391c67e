"""Organisations: twelve digits, a tree without a cycle, nobody lost on the way."""

from __future__ import annotations

import pytest

from jtsec.audit.models import AuditRecord
from jtsec.core.context import ANONYMOUS, acting_as
from jtsec.core.exceptions import InputError
from jtsec.identity import api
from jtsec.identity.models import Organization
from tests.identity import people

pytestmark = pytest.mark.django_db


def tree() -> list[Organization]:
    """Return three organisations, each below the one before."""
    found: list[Organization] = []
    for digit in "123":
        parent = found[-1] if found else None
        code = digit + "10000000000"
        made = api.create_organisation(code=code, name=f"第{digit}", parent=parent)
        found.append(made)
    return found


def test_an_organisation_knows_all_below_it():
    """Itself, children and their children."""
    top, middle, low = tree()
    assert set(api.descendants(top)) == {top, middle, low}
    assert set(api.descendants(middle)) == {middle, low}
    assert set(api.descendants(low)) == {low}


def test_an_organisation_is_never_below_itself():
    """Neither directly nor through others."""
    top, _, low = tree()
    for parent in (top, low):
        with pytest.raises(InputError) as refused:
            api.move_organisation(top, parent)
        assert refused.value.code == "cycle"
    moved = api.move_organisation(low, top)
    assert moved.parent == top
    assert api.move_organisation(moved, None).parent is None


def test_a_cycle_made_by_sql_does_not_hang_anybody():
    """The walk ends where it has been."""
    from jtsec.identity.writing import writing

    top, _, low = tree()
    with writing():
        Organization.objects.filter(pk=top.pk).update(parent=low)
    assert len(api.descendants(top)) == 3


@pytest.mark.clause("A8.1")
@pytest.mark.parametrize(
    "code", ["", "12345678901", "1234567890123", "１１００００００００００"]
)
def test_a_malformed_code_is_refused(code: str):
    """Twelve half-width digits."""
    with pytest.raises(InputError) as refused:
        api.create_organisation(code=code, name="x")
    assert refused.value.field == "code"


@pytest.mark.parametrize("name", ["", "  ", "x\0", "x" * 101])
def test_a_malformed_name_is_refused(name: str):
    """Also when renaming."""
    with pytest.raises(InputError):
        api.create_organisation(code=people.CODE, name=name)
    with pytest.raises(InputError):
        api.rename_organisation(people.organisation(), name)


def test_a_code_is_given_once():
    """Also to an organisation out of use."""
    api.deactivate_organisation(people.organisation(), reason="merged")
    with pytest.raises(InputError) as refused:
        api.create_organisation(code=people.CODE, name="x")
    assert refused.value.code == "taken"


def test_an_organisation_with_people_stays_in_use():
    """Once the last is out of use, nobody new can be registered there."""
    one = people.person("zhang", 1)
    with pytest.raises(InputError):
        api.deactivate_organisation(one.organisation, reason="merged")
    api.deactivate(one, reason="left")
    api.deactivate_organisation(one.organisation, reason="merged")
    with pytest.raises(InputError) as refused:
        people.person("li", 2)
    assert refused.value.field == "organisation"


@pytest.mark.clause("A3.1.4")
def test_changes_of_organisations_are_recorded_and_need_an_actor():
    """Created and changed, with before and after."""
    made = people.organisation()
    api.rename_organisation(made, "新名")
    row = AuditRecord.objects.get(code="identity:organisation:changed")
    assert "新名" in bytes(row.payload).decode()
    assert AuditRecord.objects.filter(code="identity:organisation:created").exists()
    with acting_as(ANONYMOUS), pytest.raises(api.NotAllowed):
        api.rename_organisation(made, "x")
