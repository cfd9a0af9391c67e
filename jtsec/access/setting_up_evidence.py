"""What can be proved about the installation's administrators."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.core.evidence import Fact
from jtsec.identity.models import Duty

from . import setting_up
from .functions import functions


def facts() -> Iterator[Fact]:
    """Yield what holds, clause by clause."""
    technical = setting_up.technical_administrators().count()
    initial = setting_up.initial_administrators()
    open_to_them = [one for one in functions() if one.set_up]
    yield Fact(
        "A4.5",
        "What is open to the administrator made at installation is setting up: no "
        "business, and nothing of the audit.",
        all(one.duty in (Duty.SYSTEM, Duty.SECURITY) for one in open_to_them),
        {
            "initial administrators": [one.login_name for one in initial],
            "open to them": [one.right for one in open_to_them],
        },
    )
    yield Fact(
        "P38",
        "There are at least two technical administrators.",
        technical >= setting_up.ENOUGH,
        {"technical administrators": technical},
    )
