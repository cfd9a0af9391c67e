"""A project lays its own frame over every page, in the way the README says."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.authentication.passwords_in_force import cheap_passwords  # noqa: F401
from tests.authentication.persons import registered
from tests.console.conftest import DUTIES, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OWN = "支队自有系统"
FRAME = f"""{{% extends "jtsec/base.html" %}}
{{% block brand %}}<strong>{OWN}</strong>{{% endblock %}}"""
OURS = ("accounts/", "console/")


@pytest.fixture
def own_frame(tmp_path: Path, settings: Any) -> None:
    """Put a template of the project's own in front of ours."""
    folder = tmp_path / "jtsec"
    folder.mkdir()
    (folder / "base.html").write_text(FRAME, "utf-8")
    engines = copy.deepcopy(settings.TEMPLATES)
    engines[0]["DIRS"] = [str(tmp_path), *engines[0].get("DIRS", [])]
    settings.TEMPLATES = engines


def addresses(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Yield every address of ours that needs no value in it."""
    for one in (resolver or get_resolver()).url_patterns:
        route = before + str(one.pattern).removeprefix("^").removesuffix("\\Z")
        if isinstance(one, URLResolver):
            yield from addresses(one, route)
        elif isinstance(one, URLPattern) and not set("<(\\") & set(route):
            yield f"/{route}"


@pytest.mark.parametrize("duty", DUTIES)
def test_every_page_follows_a_frame_of_the_projects_own(
    own_frame: None,
    cheap_passwords: None,  # noqa: F811 - a fixture
    duty: str,
) -> None:
    """Pages, refusals and what was typed wrongly; at least a dozen of each duty."""
    registered(duty, DUTIES[duty], duty=duty)
    browser = logged_in(duty)
    pages = [one for one in addresses() if one[1:].startswith(OURS)]
    framed = 0
    for address in pages:
        if "logout" in address or "export" in address:
            continue
        answer = browser.get(address)
        if "html" in answer.headers.get("Content-Type", "") and answer.content:
            assert OWN in answer.content.decode(), (address, answer.status_code)
            framed += 1
    assert framed > 12


def test_the_login_page_follows_too(own_frame: None, db: None) -> None:
    """Nobody is logged in there."""
    assert OWN in Client().get("/accounts/login/").content.decode()
