"""Serializers tell masks, leave out what is withheld, and take no mask for a value."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework import serializers
from rest_framework.test import APIRequestFactory

from jtsec.protection.masking.rest import MaskedSerializer
from tests.plainapp.masked import Owner
from tests.protection.masking.conftest import MASKED, PLAIN

pytestmark = [pytest.mark.django_db, pytest.mark.clause("T7.2")]


class OwnerSerializer(MaskedSerializer, serializers.ModelSerializer):  # type: ignore[type-arg]  # takes none at run time
    """Tells of an owner in every way a serializer has."""

    number = serializers.IntegerField(source="phone", read_only=True)
    line = serializers.SerializerMethodField()
    contact = serializers.CharField(read_only=True)
    above = serializers.CharField(source="parent.name", read_only=True, default=None)

    class Meta:
        model = Owner
        fields = (
            "id",
            "name",
            "phone",
            "address",
            "plate",
            "number",
            "state",
            "parent",
            "line",
            "contact",
            "above",
        )

    def get_line(self, row: Any) -> str:
        """Return a line of the row's fields."""
        return f"{row.name} {row.card}"


def context_of(user: Any) -> dict[str, Any]:
    """Return what a view gives its serializer."""
    request = APIRequestFactory().get("/")
    request.user = user
    return {"request": request}


def test_every_field_tells_masks(owner: Any, police: Any) -> None:
    """Sources, methods and properties included, whatever kind of field it is."""
    child = Owner.objects.create(**{**PLAIN, "name": "欧阳小二"}, parent=owner)
    data = OwnerSerializer(child, context=context_of(police)).data
    assert data["name"] == MASKED["name"]
    assert data["number"] == data["phone"] == MASKED["phone"]
    assert data["line"] == f"{MASKED['name']} {MASKED['card']}"
    assert data["contact"] == f"{MASKED['name']} {MASKED['phone']}"
    assert (data["above"], data["parent"]) == (MASKED["name"], owner.pk)
    assert not [value for value in PLAIN.values() if value in str(data)]


def test_what_is_withheld_is_left_out(owner: Any, civilian: Any) -> None:
    """A program does not have to tell a dash from a name."""
    (data,) = OwnerSerializer([owner], many=True, context=context_of(civilian)).data
    assert set(data) == {"plate", "state", "parent", "above"}
    assert data["above"] is None  # there is no row above


def test_without_a_request_nobody_sees(owner: Any) -> None:
    """A serializer that is not told who asks tells the core."""
    assert "name" not in OwnerSerializer(owner).data


def test_a_mask_that_comes_back_keeps_the_value(owner: Any, police: Any) -> None:
    """A client sends the whole object back with one field changed."""
    data = {"name": MASKED["name"], "plate": "苏A00001", "phone": PLAIN["phone"]}
    serializer = OwnerSerializer(
        owner, data=data, partial=True, context=context_of(police)
    )
    assert serializer.is_valid(), serializer.errors
    serializer.save()
    owner.refresh_from_db()
    assert (owner.name, owner.plate) == (PLAIN["name"], "苏A00001")


def test_other_stars_are_refused(owner: Any, police: Any) -> None:
    """They would be stored as the name; so would those of a new row."""
    for row, name in ((owner, "张*"), (None, MASKED["name"])):
        serializer = OwnerSerializer(row, data={"name": name})
        assert not serializer.is_valid()
        assert "name" in serializer.errors
    assert not OwnerSerializer(owner, data=[]).is_valid()
