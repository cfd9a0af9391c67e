"""What the key ring can prove (A10.3, A6.3)."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.core.evidence import Fact
from jtsec.core.exceptions import ConfigurationError

from . import api
from .checks import check_reuse
from .conf import keys_settings


def facts() -> Iterator[Fact]:
    """Yield where the keys are held, and which ones there are; never a key."""
    try:
        status = api.key_status()
    except ConfigurationError as error:
        yield Fact("A10.3", "The key ring can be read.", False, str(error))
        return
    yield Fact(
        "A10.3",
        "Keys are held outside of the project, readable by the process's user alone.",
        True,
        {"provider": keys_settings().provider},
    )
    yield Fact(
        "A10.3", "No key is made of SECRET_KEY.", not check_reuse(None), len(status)
    )
    yield Fact(
        "A6.3",
        "Every purpose has an active key of its own.",
        not api.missing_purposes(),
        [
            {
                "id": one.id,
                "algorithm": one.algorithm.value,
                "state": one.state.value,
                "created": one.created.isoformat(),
            }
            for one in status
        ],
    )
