"""What can be proved of drawn data: what each model draws, and what for."""

from __future__ import annotations

from collections.abc import Iterable

from jtsec.core.evidence import Fact

from .checks import check_forbidden
from .declaration import Extraction, drawing_models


def facts() -> Iterable[Fact]:
    """Return what is drawn, by model, and whether anything forbidden is."""
    declared = {
        model._meta.label: {
            "interface": found.interface,
            "purpose": found.purpose,
            "fields": dict(found.fields),
            "dropped": list(found.dropped),
        }
        for model in drawing_models()
        if isinstance(found := getattr(model, "EXTRACTION", None), Extraction)
    }
    yield Fact(
        "R16",
        "Models fed from the platform declare interface, purpose and fields.",
        bool(declared) or None,
        declared,
    )
    faults = [str(one.msg) for one in check_forbidden(None)]
    yield Fact(
        "R16",
        "No phone number, address or track of a vehicle is drawn.",
        not faults,
        faults,
    )
