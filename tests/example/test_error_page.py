"""An error nobody expected: a number for the user, everything for the developers."""

from __future__ import annotations

import re

import pytest

from tests.example.demonstration import Demonstration
from tests.example.visitor import Visitor

REFERENCE = re.compile(r"JT-[0-9A-Z]{4}-[0-9A-Z]{4}")
TELLTALES = (
    "Traceback",
    "RuntimeError",
    "SELECT secret",
    "permits/views.py",
    "site-packages",
    "Django",
    "Python",
    "/example_project/",
)


@pytest.mark.clause("A10.1")
def test_the_page_tells_a_number_and_only_the_private_key_opens_it(
    served: tuple[Demonstration, str], officer: Visitor
) -> None:
    """No trace, SQL, path or version reaches the user; the developers get all of it."""
    broken = officer.get("/permits/demo-error/")
    assert broken.status == 500
    assert not [word for word in TELLTALES if word in broken.text]
    reference = REFERENCE.search(broken.text)
    assert reference is not None

    demonstration = served[0]
    key = str(demonstration.error_key)
    opened = demonstration.manage("jtsec_error", reference[0], "--key", key)
    assert opened.returncode == 0, opened.stderr
    assert "RuntimeError" in opened.stdout
    assert "views.py" in opened.stdout
    assert officer.get("/permits/").status == 200


@pytest.mark.clause("A10.1")
@pytest.mark.slow
def test_a_wrong_private_key_says_so(
    served: tuple[Demonstration, str], officer: Visitor, demonstration: Demonstration
) -> None:
    """The key of another installation opens nothing."""
    found = REFERENCE.search(officer.get("/permits/demo-error/").text)
    assert found is not None
    assert demonstration.prepare("--fresh").returncode == 0
    stranger = str(demonstration.error_key)
    refused = served[0].manage("jtsec_error", found[0], "--key", stranger)
    assert refused.returncode == 4
    assert "RuntimeError" not in refused.stdout + refused.stderr


@pytest.mark.clause("A10.1")
def test_an_address_that_does_not_exist_tells_none_that_do(officer: Visitor) -> None:
    """Django's list of addresses is for developers."""
    missing = officer.get("/nothing/here/")
    assert missing.status == 404
    assert "permits/new" not in missing.text
    assert "urlpatterns" not in missing.text
