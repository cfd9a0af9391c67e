"""The rules of the house see what they are there to see, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.house import rules
from tests.house.sources import Module

Rule = Callable[[Module], list[str]]


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (rules.reads_the_clock, "jtsec/a.py", "timezone.now()"),
        (rules.reads_the_clock, "jtsec/a.py", "datetime.now(tz=UTC)"),
        (rules.reads_the_clock, "jtsec/a.py", "from django.utils.timezone import now"),
        (
            rules.reads_settings_directly,
            "jtsec/a.py",
            "getattr(settings, 'JTSEC_X', 1)",
        ),
        (rules.reads_settings_directly, "jtsec/a.py", "settings.JTSEC_X"),
        (rules.says_more_than_a_docstring, "jtsec/a/__init__.py", "from . import api"),
    ],
)
def test_a_breach_is_found(rule: Rule, path: str, text: str) -> None:
    """Each rule finds its breach."""
    assert rule(Module(path, text))


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (rules.reads_the_clock, rules.CLOCK, "timezone.now()"),
        (rules.reads_the_clock, "jtsec/a.py", "clock.now()"),
        (rules.reads_the_clock, "jtsec/a.py", "from jtsec.core.clock import now"),
        (rules.reads_settings_directly, rules.SETTINGS, "settings.JTSEC_X"),
        (rules.reads_settings_directly, "jtsec/a.py", "getattr(settings, 'DEBUG')"),
        (rules.says_more_than_a_docstring, "jtsec/a/__init__.py", '"""What it is."""'),
        (rules.says_more_than_a_docstring, "jtsec/__init__.py", '__version__ = "1"'),
        (rules.says_more_than_a_docstring, "jtsec/a/b.py", "from . import api"),
    ],
)
def test_an_allowed_line_is_left_alone(rule: Rule, path: str, text: str) -> None:
    """No rule reports what is allowed."""
    assert rule(Module(path, text)) == []


def test_a_check_id_is_found_with_its_owner() -> None:
    """An id is tied to the function that returns it, or to the constant."""
    text = (
        "E1 = Error('x', id='jtsec.E001')\ndef f():\n    return Error(id='jtsec.E002')"
    )
    assert list(rules.check_ids(Module("jtsec/a/checks.py", text))) == [
        ("jtsec.E001", "jtsec/a/checks.py:E1"),
        ("jtsec.E002", "jtsec/a/checks.py:f"),
    ]
