"""A client's edit of a row that changed, or was altered, is refused with 409."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework import serializers, viewsets
from rest_framework.permissions import AllowAny
from rest_framework.test import APIRequestFactory

from jtsec.protection.api import telling_altered
from jtsec.rest.sealed_rows import SealedRows, SealedSerializer
from tests.plainapp.models import Ledger
from tests.protection.tampering import put, stored

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A6.1", "A6.2")]


class LedgerSerializer(SealedSerializer, serializers.ModelSerializer[Ledger]):
    """As a project writes it."""

    class Meta:
        model = Ledger
        fields = ("id", "text", "number", "seal")


class Ledgers(SealedRows, viewsets.ModelViewSet[Ledger]):
    """As a project writes it."""

    queryset = Ledger.objects.all()
    serializer_class = LedgerSerializer
    permission_classes = (AllowAny,)
    authentication_classes = ()


def ask(method: str, row: Ledger | None = None, **given: Any) -> tuple[int, Any]:
    """Send a request to the view; return status and body."""
    headers = {"HTTP_IF_MATCH": given.pop("if_match")} if "if_match" in given else {}
    verbs = {"get": "retrieve", "patch": "partial_update", "put": "update"}
    verb = verbs | {"post": "create", "delete": "destroy"}
    view = Ledgers.as_view({method: verb[method]})
    make = getattr(APIRequestFactory(), method)
    request = make("/", given or None, format="json", **headers)
    answer = view(request, **({"pk": row.pk} if row else {}))
    answer.render()
    return answer.status_code, json.loads(answer.content or "null")


def test_an_edit_of_what_was_read_is_done() -> None:
    """The seal goes out with the row, comes back with the edit, and is a new one."""
    status, made = ask("post", text="a", number=1)
    assert status == 201
    row = Ledger.objects.get(pk=made["id"])
    assert ask("get", row) == (200, made)
    status, edited = ask("patch", row, text="b", seal=made["seal"])
    assert (status, edited["text"]) == (200, "b")
    assert edited["seal"] != made["seal"]
    status, _ = ask("put", row, text="c", number=2, seal=edited["seal"])
    assert status == 200


def test_an_edit_of_what_is_no_more_is_refused() -> None:
    """Somebody else has saved the row, with the very same values perhaps."""
    row = Ledger.objects.create(text="a", number=1)
    _, read = ask("get", row)
    row.save()
    status, said = ask("patch", row, text="b", seal=read["seal"])
    assert status == 409, said
    assert Ledger.objects.get(pk=row.pk).text == "a"


def test_an_altered_row_is_refused_whatever_is_asked() -> None:
    """Reading, editing and deleting answer 409, and say nothing of the values."""
    row = Ledger.objects.create(text="a", number=1)
    _, read = ask("get", row)
    put(row, text="secretly")
    assert ask("get", row)[0] == 409
    status, said = ask("patch", row, number=2, seal=read["seal"])
    assert status == 409
    assert "secretly" not in json.dumps(said)
    assert ask("delete", row, if_match=read["seal"])[0] == 409
    assert stored(row)["number"] == 1


def test_an_edit_without_the_seal_is_malformed() -> None:
    """400 for an edit without it, or with something else in its place."""
    row = Ledger.objects.create(text="a")
    for given in ({}, {"seal": "€"}, {"seal": 7}, {"seal": None}):
        status, said = ask("patch", row, text="b", **given)
        assert status == 400, given
        assert "seal" in json.dumps(said)
    assert ask("patch", row, text="b", seal="AAAA")[0] == 409
    assert Ledger.objects.get(pk=row.pk).text == "a"


def test_a_row_is_deleted_by_who_has_read_it() -> None:
    """428 without the seal, 409 with an older one."""
    row = Ledger.objects.create(text="a")
    _, old = ask("get", row)
    row.save()
    _, read = ask("get", row)
    assert ask("delete", row)[0] == 428
    assert ask("delete", row, if_match=old["seal"])[0] == 409
    assert ask("delete", row, if_match=f'"{read["seal"]}"')[0] == 204
    assert not Ledger.objects.exists()


def test_without_the_comparison_a_stale_edit_would_be_done(monkeypatch) -> None:
    """What the tests above show is its work."""
    monkeypatch.setattr("jtsec.rest.sealed_rows.require_version", lambda *args: None)
    row = Ledger.objects.create(text="a", number=1)
    _, read = ask("get", row)
    row.save()
    assert ask("patch", row, text="b", seal=read["seal"])[0] == 200


def test_a_list_tells_of_an_altered_row_and_shows_the_others() -> None:
    """By a queryset that tells of them; without it the list is refused with 409."""
    rows = [Ledger.objects.create(text=f"row{one}") for one in range(3)]
    put(rows[1], text="forged")
    listed = Ledger.objects.order_by("pk")

    def asked(queryset: Any) -> tuple[int, Any]:
        view = Ledgers.as_view({"get": "list"}, queryset=queryset)
        answer = view(APIRequestFactory().get("/"))
        answer.render()
        return answer.status_code, json.loads(answer.content)

    status, told = asked(telling_altered(listed))
    assert status == 200
    assert [one.get("text") for one in told] == ["row0", None, "row2"]
    assert set(told[1]) == {"is_altered", "detail"}
    assert asked(listed)[0] == 409
