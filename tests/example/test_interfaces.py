"""
Every interface of the example, called at random by every account.

What is sent comes from the description: what it allows, and what it forbids. Longer:

    JTSEC_TEST_INTERFACE_CALLS=100 pytest tests/example/test_interfaces.py
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

from tests.example.demonstration import Demonstration
from tests.example.visitor import Visitor
from tests.example.who_sees_what import ACCOUNTS, STRANGER

schemathesis: Any = pytest.importorskip("schemathesis")
pytest.importorskip("drf_spectacular")

from schemathesis.checks import not_a_server_error  # noqa: E402 - skipped without it
from schemathesis.generation import GenerationMode  # noqa: E402 - skipped without it
from schemathesis.specs.openapi.checks import (  # noqa: E402 - skipped without it
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

pytestmark = pytest.mark.slow
CALLS: Final = int(os.environ.get("JTSEC_TEST_INTERFACE_CALLS", "2"))
BUSINESS: Final = frozenset({"zhang", "li", "wang", "zhao", "chen"})
HOLDERS: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset(ACCOUNTS) - {STRANGER},
    "jtsec.view_auditrecord": frozenset({"auditor"}),
    "permits.query_permit": BUSINESS,
    "permits.view_owner": frozenset({"zhang"}),
}
"""Who may call what: reviewed by people, not taken from the code."""

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


@pytest.fixture(scope="module")
def description(served: tuple[Demonstration, str]) -> dict[str, Any]:
    """Return the description as the example hands it out."""
    reader = Visitor(served[1])
    assert reader.log_in("li").status == 302
    answer = reader.call("/api/schema/")
    assert answer.status == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


def test_the_description_leaves_nothing_to_warn_of(
    served: tuple[Demonstration, str],
) -> None:
    """As the guide has it written; two fields of one name want a name each."""
    done = served[0].manage("spectacular", "--validate", "--fail-on-warn")
    assert done.returncode == 0, done.stderr


def credentials(address: str, account: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the cookies and headers of somebody who is logged in."""
    visitor = Visitor(address)
    if account != STRANGER:
        assert visitor.log_in(account).status == 302
    cookies = {one.name: one.value or "" for one in visitor.cookies}
    token = next((text for name, text in cookies.items() if "csrf" in name), "")
    # As programs do: an address that matches nothing answers browsers with a page.
    headers = {"Accept": "application/json"}
    return cookies, headers | ({"X-CSRFToken": token} if token else {})


class Caller:
    """
    One account that calls, and what it got.

    Args:
        address: where the example is served.
        account: who calls.
    """

    def __init__(self, address: str, account: str) -> None:
        self.address = address
        self.account = account
        self.cookies, self.headers = credentials(address, account)
        self.answered: dict[str, set[int]] = {}

    def try_out(self, operation: Any) -> None:
        """Call as the description allows, and as it forbids; alike in every run."""
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            tried = given(operation.as_strategy(generation_mode=mode))(self.call)
            # Nothing can be forbidden where an address takes nothing.
            with suppress(Unsatisfiable):
                STEADILY(tried)()

    def call(self, case: Any) -> None:
        """Send one call, and look at its answer."""
        answer = case.call(
            base_url=self.address,
            cookies=self.cookies,
            headers=self.headers,
            timeout=60,
        )
        case.validate_response(answer, checks=CHECKS)
        operation = case.operation
        name = f"{operation.method} {operation.path}"
        self.answered.setdefault(name, set()).add(answer.status_code)
        if answer.status_code < 400:
            right = operation.definition.raw.get("x-jtsec-right", "")
            assert self.account in HOLDERS[right], (self.account, name)


STEADILY: Final = settings(
    max_examples=CALLS,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.clause("A4.13", "A4.3", "A10.1")
@pytest.mark.parametrize("account", ACCOUNTS)
def test_no_account_gets_an_error_a_surprise_or_more_than_is_theirs(
    served: tuple[Demonstration, str], description: dict[str, Any], account: str
) -> None:
    """No 5xx, no answer that is not described, no access beyond the matrix."""
    caller = Caller(served[1], account)
    for found in schemathesis.openapi.from_dict(description).get_all_operations():
        caller.try_out(found.ok())
    operations = sum(len(one) for one in description["paths"].values())
    assert len(caller.answered) == operations
    # Whoever is blocked sees nothing, and this test would see nothing either.
    assert not [name for name, got in caller.answered.items() if got == {429}]


def test_every_right_of_the_description_is_in_the_matrix(
    description: dict[str, Any],
) -> None:
    """A new right is looked at by somebody before anybody calls it."""
    named = {
        said.get("x-jtsec-right", "")
        for methods in description["paths"].values()
        for said in methods.values()
    }
    assert named == set(HOLDERS)
