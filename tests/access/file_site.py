"""Folders with a file for each organisation, on a site that gives them out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from django.core.files.base import ContentFile
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import clear_url_caches

from jtsec.access import guarded_files
from jtsec.access.guarded_files import guard_file
from jtsec.authentication.accounts import write_account
from tests.access.scoped_models import Folder
from tests.access.visits import CITY, RIGHT, organisations, reader


@pytest.fixture
def file_site(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Serve uploads from a folder of the test, none of them guarded yet."""
    settings.MEDIA_ROOT = str(tmp_path / "uploads")
    settings.MEDIA_URL = "/media/"
    settings.ROOT_URLCONF = "tests.access.file_urls"
    clear_url_caches()
    monkeypatch.setattr(guarded_files, "_guarded", {})
    yield
    clear_url_caches()


def guarded_folders(content: bytes) -> dict[str, Folder]:
    """Return a folder with such a file for each organisation, by its code."""
    guard_file(Folder, "file", right=RIGHT, inline=True)
    found = {}
    for code, place in organisations().items():
        folder = Folder(number=code, organisation=place, label=1)
        folder.file.save(f"{code}.pdf", ContentFile(content))
        found[code] = folder
    return found


def browser_of_the_city(folders: dict[str, Folder]) -> Client:
    """Return the browser of somebody of the city, who is logged in."""
    user = reader(1, folders[CITY].organisation).user
    write_account(user, must_change_password=False, must_change_why="")
    browser = Client()
    browser.force_login(user)
    return browser


def body(response: HttpResponseBase) -> bytes:
    """Return what came down the line."""
    return b"".join(response)
