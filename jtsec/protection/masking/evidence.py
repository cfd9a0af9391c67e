"""What the masking can prove: what is declared, and that a log line is masked."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Final

from jtsec.core.evidence import Fact

from .checks import masked_models
from .conf import masking_settings
from .declaration import masking_of

SAMPLE: Final = "11010519491231002X"


def facts() -> Iterable[Fact]:
    """Return what is masked, and what seeing it in clear needs."""
    declared = {
        model._meta.label: {
            "fields": dict(masking_of(model).fields),
            "clear": masking_of(model).clear,
            "core": masking_of(model).core,
        }
        for model in masked_models()
    }
    yield Fact(
        "T7.2",
        "Models declare their personal fields, the right to see them in clear, and "
        "what an agent sees.",
        bool(declared) or None,
        declared,
    )
    record = logging.getLogRecordFactory()(
        "jtsec.protection", logging.INFO, "", 0, "id %s", (SAMPLE,), None
    )
    yield Fact(
        "T7.2",
        "A log line with an ID number comes out masked.",
        SAMPLE not in record.getMessage(),
    )
    yield Fact(
        "T7.2",
        "Rows a person may see in clear in an hour are limited.",
        True,
        masking_settings().clear_views_per_hour,
    )
