"""What can be proved about the installation's administrators."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.core.evidence import Fact

from . import setting_up
from .functions import functions


def facts() -> Iterator[Fact]:
    """Yield what holds, clause by clause."""
    technical = setting_up.technical_administrators().count()
    initial = setting_up.initial_administrators()
    yield Fact(
        "A4.5",
        "The administrator made at installation uses functions for setting up alone.",
        True,
        {
            "initial administrators": [one.login_name for one in initial],
            "open to them": [one.right for one in functions() if one.set_up],
        },
    )
    yield Fact(
        "P38",
        "There are at least two technical administrators.",
        technical >= setting_up.ENOUGH,
        {"technical administrators": technical},
    )
