"""The description of the interfaces says everything, to who may read it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("drf_spectacular")

from rest_framework.permissions import IsAuthenticated

from jtsec.rest.permissions import RequiresRight

pytestmark = pytest.mark.clause("A4.13")
ROOT = Path(__file__).resolve().parents[2]


@cache
def description() -> dict[str, Any]:
    """Return the description of a project that the preset has set up."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "django", "spectacular", "--validate"),
            *("--fail-on-warn", "--format", "openapi-json"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "tests.rest.described_settings",
        },
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Return address, method and description of each interface."""
    return [
        (address, method, said)
        for address, methods in description()["paths"].items()
        for method, said in methods.items()
    ]


def test_every_interface_says_who_may_call_it_and_how_it_refuses() -> None:
    """Those of jtsec and the project's own, without a line of the project's."""
    listed = {address for address, _method, _said in operations()}
    assert {"/things/", "/api/sessions/", "/api/audit/records/"} <= listed
    for _address, method, said in operations():
        assert said["security"]
        expected = {"400", "401", "403", "404", "429", "500"}
        if method == "post":
            expected |= {"409", "413", "415"}
        assert expected <= set(said["responses"])
        refused = said["responses"]["403"]["content"]["application/json"]["schema"]
        assert refused == {"$ref": "#/components/schemas/ErrorAnswer"}


def test_signatures_are_described_where_they_count() -> None:
    """The project's own interface takes them, those for people do not."""
    told = description()
    assert set(told["components"]["securitySchemes"]) == {"cookieAuth", "signedRequest"}
    own = told["paths"]["/things/"]["get"]
    assert {"signedRequest": []} in own["security"]
    assert own["x-jtsec-right"] == "resttest.read_thing"
    assert told["paths"]["/api/notice/"]["get"]["security"] == [{"cookieAuth": []}]


def test_the_conditions_of_the_audit_query_are_listed() -> None:
    """With the words they take; what is encrypted is asked for at the page alone."""
    listed = description()["paths"]["/api/audit/records/"]["get"]["parameters"]
    by_name = {one["name"]: one["schema"] for one in listed}
    assert "done" in by_name["outcome"]["enum"]
    assert {"after", "before", "username", "period"} <= set(by_name)
    assert "details" not in by_name


@pytest.mark.parametrize("right", ["", "permits.query_permit"])
def test_a_right_may_be_asked_for_to_read_it(settings: Any, right: str) -> None:
    """Beside a login, which is asked for always."""
    from jtsec.rest.description import Description

    settings.JTSEC_REST_SCHEMA_RIGHT = right
    login, *more = Description().get_permissions()
    assert type(login) is IsAuthenticated
    assert [one.right for one in more if isinstance(one, RequiresRight)] == (
        [right] if right else []
    )


def test_a_docstring_is_told_without_what_is_for_developers() -> None:
    """No section of exceptions and arguments."""
    said = [one["description"] for _address, _method, one in operations()]
    assert not [text for text in said if "Raises:" in text or "Http404" in text]
