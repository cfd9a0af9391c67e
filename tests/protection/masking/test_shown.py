"""A row as it is shown: the same names, personal fields masked, others withheld."""

from __future__ import annotations

from typing import Any

import pytest

from django.db.models import F, Prefetch, Value
from django.template import Context, Template
from django.test import RequestFactory

from jtsec.protection.masking.api import row_of, shown, shown_rows
from jtsec.protection.masking.shown import WITHHELD
from tests.plainapp.masked import Owner
from tests.protection.masking.conftest import MASKED, PLAIN

pytestmark = [pytest.mark.django_db, pytest.mark.clause("T7.2")]


def test_declared_fields_come_out_masked(owner: Any, police: Any) -> None:
    """To a police officer every field is there, the personal ones masked."""
    seen = shown(owner, police)
    assert {name: getattr(seen, name) for name in MASKED} == MASKED
    assert (seen.pk, seen.state, seen.note) == (owner.pk, "open", "")
    assert seen.get_state_display() == "待办"


def test_what_the_model_works_out_is_worked_out_of_masks(
    owner: Any, police: Any
) -> None:
    """A property must not tell what the field beside it does not."""
    seen = shown(owner, police)
    assert seen.contact == f"{MASKED['name']} {MASKED['phone']}"
    assert str(seen) == f"{MASKED['name']} {MASKED['plate']}"
    assert MASKED["name"] in seen.greeting()


def test_a_row_itself_says_its_masks(owner: Any) -> None:
    """It stands in log lines, choices and the admin's history."""
    assert str(owner) == f"{WITHHELD} {MASKED['plate']}"
    assert PLAIN["name"] not in repr(owner)


def test_who_is_no_police_officer_sees_the_core(owner: Any, civilian: Any) -> None:
    """The core fields are declared; everything else is withheld, masked or not."""
    seen = shown(owner, civilian)
    assert (seen.plate, seen.get_state_display()) == (MASKED["plate"], "待办")
    assert seen.name == seen.phone == seen.note == WITHHELD
    assert seen.contact == f"{WITHHELD} {WITHHELD}"


def test_an_agent_sees_the_core_police_or_not(owner: Any, police: Any) -> None:
    """Who acts for somebody else on this row, by the model's own answer."""
    owner.note = f"agent:{police.get_username()}"
    assert shown(owner, police).name == WITHHELD


@pytest.mark.parametrize("nobody", [None, "anonymous"])
def test_nobody_in_particular_sees_the_core(owner: Any, nobody: Any) -> None:
    """What is not known to be a police officer is none."""
    from django.contrib.auth.models import AnonymousUser

    user = None if nobody is None else AnonymousUser()
    assert shown(owner, user).name == WITHHELD


def test_relations_lead_to_rows_that_are_shown(owner: Any, police: Any) -> None:
    """The second row is no way round the first."""
    child = Owner.objects.create(**{**PLAIN, "name": "欧阳小二"}, parent=owner)
    seen = shown(Owner.objects.select_related("parent").get(pk=child.pk), police)
    assert seen.parent.name == MASKED["name"]
    assert seen.parent_id == owner.pk
    with pytest.raises(AttributeError, match="shown_rows"):
        _ = shown(owner, police).owner_set


def test_what_a_query_added_is_masked_whole(owner: Any, police: Any) -> None:
    """An annotation carries a value past the names of the fields."""
    Owner.objects.create(**PLAIN, parent=owner)
    children = Prefetch("owner_set", to_attr="children")
    row = Owner.objects.annotate(copied=F("name"), number=Value(7)).prefetch_related(
        children
    )
    seen = shown(row.get(pk=owner.pk), police)
    assert (seen.copied, seen.number) == ("****", 7)
    assert [one.name for one in seen.children] == [MASKED["name"]]


def test_nothing_is_written_through_it(owner: Any, police: Any) -> None:
    """A mask in the database would be the end of the value."""
    seen = shown(owner, police)
    with pytest.raises(AttributeError, match="written"):
        seen.name = "另"
    for verb in ("save", "delete"):
        with pytest.raises(AttributeError, match="written"):
            getattr(seen, verb)()
    assert row_of(seen) is owner
    assert seen == owner
    assert hash(seen) == hash(owner)
    with pytest.raises(AttributeError):
        _ = seen._state


def test_templates_show_masks(owner: Any, police: Any, civilian: Any) -> None:
    """By tag, for one row; by filter, for many and for a value."""
    request = RequestFactory().get("/")
    request.user = police
    text = (
        "{% load jtsec_masking %}{% shown row as seen %}{{ seen.phone }} "
        '{{ seen }} {{ number|masked:"bank_card" }} '
        "{% for one in rows|shown_to:other %}{{ one.name }}{{ one.plate }}{% endfor %}"
    )
    page = Template(text).render(
        Context(
            {
                "row": owner,
                "rows": Owner.objects.all(),
                "number": PLAIN["card"],
                "other": civilian,
                "request": request,
            }
        )
    )
    expected = (
        f"{MASKED['phone']} {MASKED['name']} {MASKED['plate']} {MASKED['card']} "
        f"{WITHHELD}{MASKED['plate']}"
    )
    assert page == expected


def test_a_model_that_declares_nothing_is_shown_as_it_is(police: Any) -> None:
    """Such as an organisation that a masked row leads to."""
    from tests.plainapp.models import Driver

    driver = Driver(name="王", phone="1")
    assert next(shown_rows([driver], police)).name == "王"


def test_without_the_wrapping_the_page_tells_all(owner: Any) -> None:
    """The protection removed: it is the wrapping that masks."""
    page = Template("{{ row.name }}").render(Context({"row": owner}))
    assert page == PLAIN["name"]
