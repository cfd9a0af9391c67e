"""
The parameters of a filter: what each is called, which column it asks, what it takes.

The names stand in addresses that people keep, so they are stable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jtsec.audit.events import Outcome, Severity
from jtsec.core.net import parse_address

from .exceptions import FilterError

LENGTH: Final = 300
"""Characters of a condition; what is longer is no condition but an attack."""

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
CODE: Final = re.compile(r"[a-z0-9_:-]{1,100}\*?\Z", re.ASCII)
ORGANISATION: Final = re.compile(r"\d{2,12}\Z", re.ASCII)
REQUEST: Final = re.compile(r"[\x21-\x7e]{1,64}\Z", re.ASCII)

Choices = Mapping[str, tuple[str | Promise, Any]]

OUTCOMES: Final[Choices] = MappingProxyType(
    {
        "done": (pgettext_lazy("jtsec", "Done"), Outcome.DONE.value),
        "refused": (pgettext_lazy("jtsec", "Refused"), Outcome.REFUSED.value),
        "failed": (pgettext_lazy("jtsec", "Failed"), Outcome.FAILED.value),
    }
)
SEVERITIES: Final[Choices] = MappingProxyType(
    {
        "info": (pgettext_lazy("jtsec severity", "Info"), Severity.INFO.value),
        "notice": (pgettext_lazy("jtsec severity", "Notice"), Severity.NOTICE.value),
        "warning": (pgettext_lazy("jtsec severity", "Warning"), Severity.WARNING.value),
        "alarm": (pgettext_lazy("jtsec severity", "Alarm"), Severity.ALARM.value),
    }
)
KINDS: Final[Choices] = MappingProxyType(
    {
        "person": (pgettext_lazy("jtsec actor", "Person"), "person"),
        "system": (pgettext_lazy("jtsec actor", "System"), "system"),
        "anonymous": (pgettext_lazy("jtsec actor", "Not logged in"), "anonymous"),
        "unknown": (pgettext_lazy("jtsec actor", "Unknown"), "unknown"),
    }
)
DUTIES: Final[Choices] = MappingProxyType(
    {
        "business": (gettext_lazy("Business user"), "business"),
        "system": (gettext_lazy("System administrator"), "system"),
        "security": (gettext_lazy("Security administrator"), "security"),
        "audit": (gettext_lazy("Audit administrator"), "audit"),
    }
)
POLICE: Final[Choices] = MappingProxyType(
    {
        "yes": (gettext_lazy("Police officer"), True),
        "no": (gettext_lazy("Not a police officer"), False),
    }
)


@dataclass(frozen=True)
class Condition:
    """
    One condition of a filter.

    Args:
        name: the parameter.
        text: as it stands in the address.
        value: what the column is compared with.
        is_prefix: whether the column only begins with it.
    """

    name: str
    text: str
    value: Any
    is_prefix: bool = False


@dataclass(frozen=True)
class Parameter:
    """
    One condition that can be asked for.

    Args:
        name: in the address.
        label: on the page.
        column: what it asks; "" where more than a column is asked.
        choices: its words, where it takes no others.
    """

    name: str
    label: str | Promise
    column: str = ""
    choices: Choices | None = None

    def parse(self, text: str) -> Condition:
        """
        Return the condition a text makes.

        Raises:
            FilterError: the text is none.
        """
        cleaned = text.strip()
        if len(cleaned) > LENGTH:
            raise FilterError(self.name, _("This condition is too long."))
        # NUL stops PostgreSQL; half of a surrogate pair stops every driver.
        if CONTROL.search(cleaned):
            sentence = _("This condition contains characters that cannot be typed.")
            raise FilterError(self.name, sentence)
        if self.choices is not None:
            if cleaned not in self.choices:
                raise FilterError(self.name, _("Choose one of the list."))
            return Condition(self.name, cleaned, self.choices[cleaned][1])
        reader = READERS.get(self.name)
        if reader is not None:
            return Condition(self.name, cleaned, *reader(self.name, cleaned))
        return Condition(self.name, cleaned, *_text(self.name, cleaned))


def _text(name: str, text: str) -> tuple[Any, bool]:
    """Take a text as it is, or with a star at its end as a beginning."""
    beginning = text.removesuffix("*")
    if not beginning or "*" in beginning:
        raise FilterError(name, _("A star may stand at the end only, after something."))
    return beginning, beginning != text


def _free(name: str, text: str) -> tuple[Any, bool]:
    return text, False


def _code(name: str, text: str) -> tuple[Any, bool]:
    if not CODE.match(text):
        raise FilterError(name, _("Choose one of the list."))
    return text.removesuffix("*"), text.endswith("*")


def _uuid(name: str, text: str) -> tuple[Any, bool]:
    try:
        return UUID(text), False
    except ValueError:
        sentence = _("This is not a number of the form 0198c1f0-….")
        raise FilterError(name, sentence) from None


def _uid(name: str, text: str) -> tuple[Any, bool]:
    return str(_uuid(name, text)[0]), False


def _address(name: str, text: str) -> tuple[Any, bool]:
    if text.endswith("*"):
        return _text(name, text)
    parsed = parse_address(text)
    if parsed is None:
        raise FilterError(name, _("Write an address as 10.1.2.3, or 10.1.2.*"))
    return str(parsed), False


def _organisation(name: str, text: str) -> tuple[Any, bool]:
    if not ORGANISATION.match(text):
        raise FilterError(name, _("An organisation code has 12 digits."))
    return text, False


def _request(name: str, text: str) -> tuple[Any, bool]:
    if not REQUEST.match(text):
        raise FilterError(name, _("This is not a request number."))
    return text, False


READERS: Final = MappingProxyType(
    {
        "event": _uuid,
        "uid": _uid,
        "address": _address,
        "code": _code,
        "organisation": _organisation,
        "request": _request,
        "user": _free,
        "text": _free,
        "details": _free,
    }
)

PARAMETERS: Final[Mapping[str, Parameter]] = MappingProxyType(
    {
        one.name: one
        for one in (
            Parameter("user", gettext_lazy("User")),
            Parameter("uid", gettext_lazy("User UID"), "actor_uid"),
            Parameter("username", gettext_lazy("User name"), "actor_username"),
            Parameter("name", pgettext_lazy("jtsec", "Name"), "actor_name"),
            Parameter("kind", gettext_lazy("Kind of actor"), "actor_kind", KINDS),
            Parameter(
                "police", gettext_lazy("Kind of person"), "actor_is_police", POLICE
            ),
            Parameter("duty", gettext_lazy("Duty"), "actor_duty", DUTIES),
            Parameter(
                "organisation", gettext_lazy("Organisation"), "actor_organisation"
            ),
            Parameter("address", gettext_lazy("Source address"), "source_address"),
            Parameter("terminal", gettext_lazy("Terminal"), "source_terminal"),
            Parameter("mac", gettext_lazy("MAC address"), "source_mac"),
            Parameter("code", pgettext_lazy("jtsec audit", "Action"), "code"),
            Parameter("outcome", gettext_lazy("Result"), "outcome", OUTCOMES),
            Parameter("severity", gettext_lazy("Severity"), "severity", SEVERITIES),
            Parameter(
                "least", gettext_lazy("Severity at least"), "severity", SEVERITIES
            ),
            Parameter("resource", gettext_lazy("Resource"), "resource"),
            Parameter("subject", gettext_lazy("User concerned"), "subject"),
            Parameter("reason", gettext_lazy("Reason"), "reason"),
            Parameter("request", gettext_lazy("Request number"), "request_id"),
            Parameter("event", gettext_lazy("Event number"), "event_id"),
            Parameter("text", gettext_lazy("Text")),
            Parameter("details", gettext_lazy("Text in encrypted details")),
        )
    }
)
"""Every condition by its name, in the order of the form."""
