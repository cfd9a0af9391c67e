"""
What a setting's value must satisfy, as small frozen values that explain themselves.

A rule answers with a sentence that names the limit, or with "" when it is kept; the
same object serves as the validity and as the floor of a setting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .net import parse_networks
from .wording import early_gettext as _


class Rule(Protocol):
    """One demand on a value."""

    def fault(self, value: Any) -> str:
        """Return what is wrong with the value, or ""."""

    def __str__(self) -> str:
        """Return the demand in words, for the reference."""


@dataclass(frozen=True)
class at_least:  # noqa: N801 - reads as a verb where settings are declared
    """A number not below a limit."""

    limit: int

    def fault(self, value: Any) -> str:
        """Return what is wrong, or ""."""
        if value >= self.limit:
            return ""
        return _("%(value)s is below %(limit)s.") % {
            "value": value,
            "limit": self.limit,
        }

    def __str__(self) -> str:
        return f"≥ {self.limit}"


@dataclass(frozen=True)
class between:  # noqa: N801 - reads as a verb where settings are declared
    """A number within two limits, both included."""

    low: int
    high: int

    def fault(self, value: Any) -> str:
        """Return what is wrong, or ""."""
        if self.low <= value <= self.high:
            return ""
        return _("%(value)s is not between %(low)s and %(high)s.") % {
            "value": value,
            "low": self.low,
            "high": self.high,
        }

    def __str__(self) -> str:
        return f"{self.low} to {self.high}"


@dataclass(frozen=True)
class is_true:  # noqa: N801 - reads as a verb where settings are declared
    """A switch the clause wants on."""

    def fault(self, value: Any) -> str:
        """Return what is wrong, or ""."""
        return "" if value is True else _("It must stay on.")

    def __str__(self) -> str:
        return "on"


class one_of:  # noqa: N801 - reads as a verb where settings are declared
    """A word from a closed list."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def fault(self, value: Any) -> str:
        """Return what is wrong, or ""."""
        if value in self.words:
            return ""
        return _("%(value)r is not one of %(words)s.") % {
            "value": value,
            "words": self,
        }

    def __str__(self) -> str:
        return ", ".join(self.words)


@dataclass(frozen=True)
class networks:  # noqa: N801 - reads as a verb where settings are declared
    """Networks in CIDR form; `unix` may stand for a local socket."""

    def fault(self, value: Any) -> str:
        """Return what is wrong, or ""."""
        for text in value:
            try:
                parse_networks(() if text == "unix" else (text,))
            except ValueError:
                return _("%(value)r is not a network such as 10.0.0.0/24.") % {
                    "value": text
                }
        return ""

    def __str__(self) -> str:
        return "networks in CIDR form, or unix"


@dataclass(frozen=True)
class no_whole_world:  # noqa: N801 - reads as a verb where settings are declared
    """Networks none of which holds every address there is."""

    def fault(self, value: Any) -> str:
        """Return what is wrong, or ""."""
        for text in value:
            named = parse_networks(() if text == "unix" else (text,))
            if any(one.prefixlen == 0 for one in named):
                return _("%(value)r holds every address there is.") % {"value": text}
        return ""

    def __str__(self) -> str:
        return "networks in CIDR form, or unix; none that holds every address"


@dataclass(frozen=True)
class pattern:  # noqa: N801 - reads as a verb where settings are declared
    """A regular expression that compiles."""

    def fault(self, value: Any) -> str:
        """Return what is wrong, or ""."""
        try:
            re.compile(value)
        except re.error as error:
            return _("%(value)r is not a regular expression: %(error)s.") % {
                "value": value,
                "error": error,
            }
        return ""

    def __str__(self) -> str:
        return "a regular expression"


@dataclass(frozen=True)
class matching:  # noqa: N801 - reads as a verb where settings are declared
    """Text, or every text of a list, in one form."""

    expression: str
    words: str

    def fault(self, value: Any) -> str:
        """Return what is wrong, or ""."""
        texts = value if isinstance(value, tuple | Mapping) else (value,)
        for text in texts:
            if not re.fullmatch(self.expression, text):
                return _("%(value)r is not %(words)s.") % {
                    "value": text,
                    "words": _(self.words),
                }
        return ""

    def __str__(self) -> str:
        return self.words
