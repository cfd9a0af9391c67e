"""What stands in an event about a call: the arguments chosen, and what it touched."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.models import Model, QuerySet

from jtsec.audit.payload import plain

from .columns import shown_plainly

MOST: Final = 50
"""Elements of a list that are kept."""


class Call:
    """
    One call of a registered function, as its event tells it.

    Args:
        signature: of the function.
        chosen: the names of the arguments to tell, None for all.
        resource: what it touches: a text with names of arguments in braces.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        chosen: tuple[str, ...] | None,
        resource: str,
    ) -> None:
        self.signature = inspect.signature(function)
        self.chosen = chosen
        self.template = resource
        unknown = set(chosen or ()) - set(self.signature.parameters)
        if unknown and not self._takes_any():
            names = ", ".join(sorted(unknown))
            raise TypeError(f"{function.__qualname__} has no argument {names}")

    def told(
        self, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Return the resource and the chosen arguments of a call."""
        try:
            bound = self.signature.bind(*args, **kwargs)
        # Called wrongly: the function itself will say so; what was sent is told.
        except TypeError:
            return self.template, {"arguments": shown_plainly(list(kwargs))}
        bound.apply_defaults()
        given: dict[str, Any] = {}
        for name, value in bound.arguments.items():
            kind = self.signature.parameters[name].kind
            given |= value if kind is inspect.Parameter.VAR_KEYWORD else {name: value}
        wanted = given if self.chosen is None else self.chosen
        told = {name: shown(given[name]) for name in wanted if name in given}
        return _filled(self.template, given), told

    def _takes_any(self) -> bool:
        kinds = [one.kind for one in self.signature.parameters.values()]
        return inspect.Parameter.VAR_KEYWORD in kinds


def shown(value: Any) -> Any:
    """Return a value as an event can hold it; never fails, never runs a query."""
    if isinstance(value, Model):
        return f"{value._meta.label_lower}:{value.pk}"
    if isinstance(value, QuerySet):
        return f"{value.model._meta.label_lower}:*"
    if isinstance(value, Mapping):
        return {str(key): shown(one) for key, one in list(value.items())[:MOST]}
    if isinstance(value, list | tuple | set | frozenset):
        kept = [shown(one) for one in list(value)[:MOST]]
        return kept if len(value) <= MOST else [*kept, f"… {len(value)}"]
    try:
        return plain(value)
    except TypeError:
        return f"<{type(value).__qualname__}>"


def _filled(template: str, given: Mapping[str, Any]) -> str:
    """Return the resource with the arguments' texts; no format of a value is run."""
    filled = template
    for name, value in given.items():
        place = "{" + name + "}"
        if place in filled:
            text = value.pk if isinstance(value, Model) else value
            filled = filled.replace(place, str(text)[:MOST])
    return filled
