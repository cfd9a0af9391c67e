"""
What a model declares of how its rows are shown.

    class Permit(MaskedModel):
        MASKING = Masking(
            fields={"owner_name": "name", "owner_phone": "phone"},
            clear="permits.view_owner",
            core=("number", "state", "valid_until"),
        )
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model

from jtsec.core.exceptions import ConfigurationError
from jtsec.core.masking import MaskedText, mask
from jtsec.identity.api import identity_of


@dataclass(frozen=True)
class Masking:
    """
    How the rows of one model are shown (clause T7.2).

    Args:
        fields: the kind by which each personal field is masked, one of
            `jtsec.core.masking.KINDS`.
        clear: the right to see them in clear; "" where nobody does.
        core: the names an agent, or who is no police officer, sees; None for all of
            them, masked as for everybody.
        is_agent: answers whether a user acts for somebody else on a row; such a
            user sees the core alone, police officer or not.
    """

    fields: Mapping[str, str]
    clear: str = ""
    core: tuple[str, ...] | None = None
    is_agent: Callable[[Any, Any], bool] | None = None

    def masked(self, name: str, value: Any) -> MaskedText:
        """Return the value of a declared field as it may be shown."""
        return mask(self.fields[name], value)

    def is_limited(self, user: Any, row: Any) -> bool:
        """
        Answer whether somebody sees the core of a row alone.

        Who is unknown is limited: nothing says that they are police.
        """
        if self.core is None:
            return False
        identity = identity_of(user)
        if identity is None or not identity.is_police:
            return True
        return self.is_agent is not None and self.is_agent(user, row)


NOTHING: Final = Masking(fields={})


def masking_of(model: type[Model]) -> Masking:
    """
    Return what a model declares.

    Raises:
        ConfigurationError: its MASKING is no `Masking`.
    """
    found = getattr(model, "MASKING", NOTHING)
    if not isinstance(found, Masking):
        raise ConfigurationError(f"{model.__name__}.MASKING is no Masking")
    return found
