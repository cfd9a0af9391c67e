"""What differs in Django's own suites is what the reference page lists."""

from __future__ import annotations

from pathlib import Path

import pytest

import django

from tests.adopters import django_page, django_suites
from tests.thoroughness import only_in_full


@only_in_full
@pytest.mark.slow
def test_django_s_own_suites_differ_as_the_page_says(tmp_path: Path) -> None:
    """Whatever else breaks in Django's login, passwords or sessions is a fault."""
    if django.get_version() not in django_page.PAGE.read_text():
        pytest.skip(f"the page is not about Django {django.get_version()}")
    try:
        sources = django_suites.fetch_sources(tmp_path)
    except django_suites.SourcesMissing as missing:
        pytest.skip(str(missing))
    number, failures = django_suites.run_suites(sources)
    assert number > 1000
    assert django_page.differences(failures) == []
