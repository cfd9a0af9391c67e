"""
What a model draws from the platform, declared beside its fields (clause R16).

    class DrawnVehicle(models.Model):
        EXTRACTION = Extraction(
            interface="02C01",
            purpose="check the vehicle of an application",
            fields={"plate": "hphm", "kind": "hpzl", "state": "zt"},
            dropped=("clsbdh",),
        )
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model

from jtsec.core.exceptions import ConfigurationError


@dataclass(frozen=True)
class Extraction:
    """
    What one model draws, and what for.

    Args:
        interface: the identifier of the interface.
        purpose: what the data are needed for, as the application for the interface
            says it.
        fields: by field of the model, the name the interface has for it.
        dropped: names the interface delivers all the same; they are thrown away
            before anybody sees them.
    """

    interface: str
    purpose: str
    fields: Mapping[str, str]
    dropped: tuple[str, ...] = ()


def extraction_of(model: type[Model]) -> Extraction:
    """
    Return what a model declares.

    Raises:
        ConfigurationError: it declares nothing, and so draws nothing.
    """
    found = getattr(model, "EXTRACTION", None)
    if not isinstance(found, Extraction):
        raise ConfigurationError(f"{model.__name__} declares no EXTRACTION")
    return found


def drawing_models() -> Iterator[type[Model]]:
    """Yield the models of the project that draw from the platform."""
    for model in apps.get_models():
        if hasattr(model, "EXTRACTION"):
            yield model
