"""What is compared: bare Django, jtsec, and what a project would pick instead."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Stack:
    """
    One project.

    Args:
        name: as the tables call it.
        parts: what `benchmarks.settings` puts together.
        needs: the modules that must be installed, each with its package's name.
    """

    name: str
    parts: tuple[str, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()

    def missing(self) -> list[str]:
        """Return the packages that are not installed."""
        return [package for module, package in self.needs if not is_there(module)]


AXES = ("axes", "django-axes")
PEER_PACKAGES = (
    AXES,
    ("django_otp", "django-otp"),
    ("auditlog", "django-auditlog"),
    ("csp", "django-csp"),
    ("django_session_timeout", "django-session-timeout"),
)

BARE = Stack("bare Django")
BARE_AGAIN = Stack("bare Django again (A/A)")
DEFAULTS = Stack("startproject's defaults", ("defaults",))
PEERS = Stack(
    "axes + otp + auditlog + csp + session-timeout",
    ("defaults", "axes", "otp", "auditlog", "csp", "timeout"),
    PEER_PACKAGES,
)
JTSEC = Stack("jtsec", ("jtsec",))
JTSEC_AND_DEFAULTS = Stack("jtsec + startproject's defaults", ("defaults", "jtsec"))
GUARDIAN = Stack("django-guardian", ("guardian",), (("guardian", "django-guardian"),))
RULES = Stack("rules", ("rules",), (("rules", "rules"),))
WITH_AXES = Stack("django-axes, database handler", ("axes",), (AXES,))


def is_there(module: str) -> bool:
    """Answer whether a module can be imported."""
    return importlib.util.find_spec(module) is not None


def installed(stacks: Iterable[Stack]) -> tuple[list[Stack], list[str]]:
    """Return the stacks that can run here, and a sentence for each that cannot."""
    able: list[Stack] = []
    absent: list[str] = []
    for stack in stacks:
        if missing := stack.missing():
            absent.append(f"{stack.name}: not installed: {', '.join(missing)}")
        else:
            able.append(stack)
    return able, absent
