"""Declarations that would leave rows unsealed are told before anything runs."""

from __future__ import annotations

import pytest

from django.apps import apps
from django.core.checks.registry import registry
from django.db import connection, models

from jtsec.core.exceptions import ConfigurationError
from jtsec.protection import checks, declaration, evidence, statements
from jtsec.protection.models import SealedModel
from jtsec.protection.rounds import Rounds
from tests.plainapp.models import Ledger
from tests.protection.tampering import put

pytestmark = pytest.mark.clause("A6.1")


@pytest.fixture(autouse=True)
def forgetting(monkeypatch):
    """Let each test work declarations out anew."""
    monkeypatch.setattr(declaration, "_plans", {})


def found(check=checks.check_declarations) -> list[str]:
    """Return the ids of what a check reports."""
    return [str(one.id) for one in check(None)]


def test_the_models_of_the_tests_are_usable() -> None:
    """And the checks are connected."""
    assert found() == []
    connected = {getattr(one, "__wrapped__", one) for one in registry.get_checks()}
    assert set(checks.ALL) <= connected


@pytest.mark.parametrize(
    "told",
    [
        *((), {}, "text", {0: ("text",)}, {1: "text"}, {1: ()}),
        *(("text", "nothing"), {1: ("seal",)}),
    ],
)
def test_unusable_lists_are_errors(monkeypatch, told) -> None:
    """No list, no number, no column of its own, or the seal itself: E126."""
    monkeypatch.setattr(Ledger, "sealed_fields", told)
    assert found() == ["jtsec.E126"]
    with pytest.raises(ConfigurationError):
        declaration.plan_of(Ledger)


def test_a_child_seals_nothing_of_its_own(monkeypatch) -> None:
    """The seal lies in the table it inherits."""

    class Child(Ledger):
        """Inherits a sealed table."""

        sealed_fields = ("text", "extra")
        extra = models.CharField(max_length=3)

        class Meta:
            app_label = "plainapp"

    try:
        assert found() == ["jtsec.E126"]
    finally:
        del apps.all_models["plainapp"]["child"]
        apps.clear_cache()


def test_a_backend_that_writes_by_itself_is_an_error(monkeypatch) -> None:
    """E127: its rows would have no seal."""
    assert found(checks.check_backends) == []

    class Own:
        """A compiler with a way of its own."""

        def execute_sql(self, result_type):
            """Write."""

    monkeypatch.setattr(connection.ops, "compiler", lambda name: Own)
    assert set(found(checks.check_backends)) == {"jtsec.E127"}


def test_cascades_of_the_database_are_told(monkeypatch) -> None:
    """W237: a deletion that the ORM does not see."""

    def DB_CASCADE(*args):
        """Stand for Django 6.1's."""

    permit = apps.get_model("plainapp", "permit")
    monkeypatch.setattr(
        permit._meta.get_field("holder").remote_field, "on_delete", DB_CASCADE
    )
    assert found(checks.check_cascades) == ["jtsec.W237"]


@pytest.mark.django_db
def test_the_evidence_tells_what_is_sealed_and_how_it_ended() -> None:
    """Models with fields, statements led past the seals, the newest verification."""
    assert issubclass(Ledger, SealedModel)
    row = Ledger.objects.create(text="a")
    told = {one.statement: one for one in evidence.facts()}
    assert [one.holds for one in told.values()] == [True, True, None]
    for _ in range(3):
        Rounds().look(10)
    assert [one.holds for one in evidence.facts()][-1] is True
    put(row, seal=b"")
    rounds = Rounds()
    for _ in range(3):
        rounds.look(10)
    assert [one.holds for one in evidence.facts()][-1] is False
    assert statements.is_sealing()
