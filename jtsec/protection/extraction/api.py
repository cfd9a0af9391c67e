"""
The verbs of drawing data from the platform: as little as is needed (clause R16).

    ask(wanted_names(DrawnVehicle))
    row = DrawnVehicle(**draw(DrawnVehicle, answer))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from jtsec.audit.api import record
from jtsec.core.exceptions import Refused

from .declaration import Extraction, drawing_models, extraction_of
from .events import DataDrawn, ExtractionRefusedFound
from .forbidden import forbidden_kind

__all__ = [
    "Extraction",
    "ExtractionRefused",
    "draw",
    "draw_all",
    "drawing_models",
    "extraction_of",
    "wanted_names",
]

SENTENCE: Final = _("These data may not be drawn.")
MOST: Final = 20
"""Names in an event; an answer's own names are a stranger's words."""


class ExtractionRefused(Refused):
    """
    Says that more was about to be drawn than is declared, or than is ever allowed.

    Args:
        reason: "undeclared", "phone", "address" or "track".
        names: the fields' names.
    """

    def __init__(self, reason: str, names: tuple[str, ...]) -> None:
        super().__init__(reason, str(SENTENCE))
        self.names = names


def wanted_names(model: type[Model]) -> tuple[str, ...]:
    """
    Return the names to ask an interface for, and no others.

    Raises:
        ExtractionRefused: the model declares what may never be drawn; recorded.
        ConfigurationError: it declares nothing.
    """
    found = extraction_of(model)
    _require_allowed(model, found)
    return tuple(found.fields.values())


def draw(model: type[Model], answer: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the declared fields of one record, by the model's names; see `draw_all`.

    Args:
        model: declares EXTRACTION.
        answer: the record, by the interface's names.
    """
    return draw_all(model, [answer])[0]


def draw_all(
    model: type[Model], answers: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """
    Return the declared fields of records, and record that they were drawn.

    All or nothing: where one record holds a name that nobody declared, nothing of any
    is handed out, for what an interface delivers unasked must not be kept by accident.

    Args:
        model: declares EXTRACTION.
        answers: the records, by the interface's names.

    Raises:
        ExtractionRefused: a record holds a name that is neither drawn nor dropped, or
            the model declares what may never be drawn. Recorded with the names.
        ConfigurationError: the model declares nothing.
    """
    found = extraction_of(model)
    _require_allowed(model, found)
    known = {*found.fields.values(), *found.dropped}
    drawn: list[dict[str, Any]] = []
    for answer in answers:
        surplus = sorted(str(name) for name in set(answer) - known)
        if surplus:
            _refuse(model, found, "undeclared", surplus)
        names = found.fields.items()
        drawn.append({own: answer[name] for own, name in names if name in answer})
    record(
        DataDrawn(
            resource=model._meta.label_lower,
            interface=found.interface,
            purpose=found.purpose,
            fields=tuple(found.fields),
            records=len(drawn),
        )
    )
    return drawn


def _require_allowed(model: type[Model], found: Extraction) -> None:
    """Refuse a forbidden declaration here, too: a check can be silenced."""
    for name, source in found.fields.items():
        kind = forbidden_kind(model, name, source)
        if kind:
            _refuse(model, found, kind, [name])


def _refuse(
    model: type[Model], found: Extraction, reason: str, names: list[str]
) -> None:
    told = tuple(one[:100] for one in names[:MOST])
    record(
        ExtractionRefusedFound(
            resource=model._meta.label_lower,
            interface=found.interface,
            reason=reason,
            names=told,
        )
    )
    raise ExtractionRefused(reason, told)
