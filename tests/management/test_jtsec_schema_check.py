"""manage.py jtsec_schema_check: names what differs, with codes a script can read."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest

from django.core.management import CommandError, call_command

from jtsec.audit.models import AuditRecord
from jtsec.core.exceptions import CannotVerify
from jtsec.management.commands import jtsec_schema_check
from jtsec.monitoring.api import Change, Difference, Kind
from tests.monitoring.alterations import ALTERATIONS, TABLE, altered

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P46")]


def run(*arguments: str) -> tuple[int, str]:
    """Run the command; return its exit code and what it printed."""
    out = StringIO()
    try:
        call_command("jtsec_schema_check", *arguments, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()


def codes() -> list[str]:
    """Return the events of the comparisons."""
    rows = AuditRecord.objects.filter(code__startswith="monitoring:")
    return list(rows.order_by("id").values_list("code", flat=True))


def test_an_untouched_database_ends_with_0() -> None:
    """One line for people; and the audit knows that somebody looked."""
    code, text = run()
    assert code == 0
    assert len(text.splitlines()) == 1
    assert codes() == ["monitoring:schema:same"]


@pytest.mark.django_db(transaction=True)
def test_a_difference_ends_with_1_and_is_named() -> None:
    """With what was found, for people and for programs; and the audit knows."""
    with altered(ALTERATIONS["column added"]):
        code, text = run()
        assert code == 1
        assert f"added column: {TABLE}.hidden" in text
        code, text = run("--json")
    said = json.loads(text)
    assert (code, said["verdict"]) == (1, "different")
    assert [one["name"] for one in said["differences"]] == ["hidden"]
    assert said["differences"][0]["found"]
    assert codes() == ["monitoring:schema:differs"] * 2


def test_what_cannot_be_compared_ends_with_2(monkeypatch: Any) -> None:
    """Nothing is known, which is said in both forms."""

    def refuse(alias: str) -> None:
        raise CannotVerify("of a kind that cannot be read")

    monkeypatch.setattr(jtsec_schema_check, "check_schema", refuse)
    code, text = run("--json")
    assert code == 2
    assert json.loads(text.splitlines()[0])["verdict"] == "unknown"


def test_what_fails_ends_with_3(monkeypatch: Any) -> None:
    """1 would accuse somebody."""
    assert run("--database", "nowhere")[0] == 3

    def fail(alias: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(jtsec_schema_check, "check_schema", fail)
    assert run()[0] == 3


def test_a_long_definition_is_shown_where_it_differs() -> None:
    """The first line of two long functions is the same; nobody wants to read it."""
    one = Difference(
        *(Change.CHANGED, Kind.ROUTINE, "", "f()", "a" * 500 + "X", "a" * 500 + "Y")
    )
    expected, found = jtsec_schema_check._excerpts(one)
    assert expected == "…" + "a" * 24 + "X"
    assert found == "…" + "a" * 24 + "Y"
