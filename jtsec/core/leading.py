"""
Methods of Django that controls of jtsec stand in front of, one behind the other.

The audit and the protection of data both lead what the ORM executes past themselves.
Whichever is connected first: who may refuse comes before who only tells, for the one
that tells may carry a statement out by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

Execute = Callable[..., Any]

_WITHIN: Final = "_jtsec_within"


def lead(owner: Any, name: str, front: Callable[[Execute], Execute], mark: str) -> None:
    """
    Put a front before a method, behind the one that may refuse.

    Args:
        owner: the class.
        name: of the method.
        front: makes the front of what it leads to.
        mark: an attribute by which others see that the front is there.
    """
    present = getattr(owner, name)
    within: list[Execute] | None = getattr(present, _WITHIN, None)
    if within is None:
        present = wraps(present)(front(present))
        setattr(owner, name, present)
    else:
        within[0] = front(within[0])
    setattr(present, mark, True)


def lead_first(
    owner: Any, name: str, front: Callable[[Execute], Execute], mark: str
) -> None:
    """Put the front of one who may refuse before a method, and before all others."""
    plain = getattr(owner, name)
    within = [plain]

    def go_on(*args: Any, **kwargs: Any) -> Any:
        return within[0](*args, **kwargs)

    execute = wraps(plain)(front(go_on))
    setattr(execute, _WITHIN, within)
    setattr(execute, mark, True)
    setattr(owner, name, execute)
