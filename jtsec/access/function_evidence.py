"""What the registry and the decision prove: functions, whose they are, how soon."""

from __future__ import annotations

from collections.abc import Iterator

from jtsec.core.evidence import Fact

from .django_permissions import count
from .function_list import ListedFunction, listed_functions, names_of_models
from .policy import ASK_SECONDS, KEEP_SECONDS


def facts() -> Iterator[Fact]:
    """Yield what holds, clause by clause."""
    listed = listed_functions()
    models = names_of_models()
    strange = [
        one.function.right
        for one in listed
        if not one.is_declared and one.function.right not in models
    ]
    yield Fact(
        "A4.1",
        "Every right that a view asks for is that of a function that exists.",
        not strange,
        {"functions": len(listed), "asked for and unknown": strange},
    )
    yield Fact(
        "A4.2",
        "Nothing but sealed roles gives rights; Django's own tables give none.",
        not count(),
    )
    yield Fact(
        "A4.3",
        "A right is one function and operation; how many each duty has.",
        True,
        _by_duty(listed),
    )
    police = [one.function.right for one in listed if one.function.police_only]
    yield Fact(
        "A4.7",
        "Functions for police officers are refused to everybody else by the decision.",
        True if police else None,
        {"functions": police},
    )
    yield Fact(
        "A4.10",
        "Every process asks the one store whether its policy is the present one.",
        True,
        {"asks after seconds": ASK_SECONDS, "reads all after seconds": KEEP_SECONDS},
    )


def _by_duty(listed: list[ListedFunction]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in listed:
        found[one.function.duty] = found.get(one.function.duty, 0) + 1
    return found
