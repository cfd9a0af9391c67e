"""
The pytest plugin: one line in pytest.ini or pyproject.toml.

    jtsec_testing = true

It is loaded by every pytest of an environment in which jtsec is installed; so without
that line it imports nothing and does nothing.
"""

from __future__ import annotations

from importlib import import_module

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one line that switches it on."""
    parser.addini(
        "jtsec_testing",
        "Let this Django project, which uses jtsec, be tested as it was before.",
        type="bool",
        default=False,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known; where switched on, bring the fixtures."""
    config.addinivalue_line(
        "markers", "clause(id, ...): the clauses that this test demonstrates"
    )
    if config.getini("jtsec_testing"):
        fixtures = import_module("jtsec.testing.fixtures")
        config.pluginmanager.register(fixtures, "jtsec-fixtures")
