"""
Marks views whose answers nothing may keep (clause A6.4).

    @kept_nowhere
    def permit_owner(request, number): ...

What is for who is logged in is not stored anyway; this holds also for a public view,
and where the view or a library sets headers of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from asgiref.sync import iscoroutinefunction

from jtsec.core.headers import keep_nothing

View = Callable[..., Any]


def kept_nowhere(view: View) -> View:
    """Return the view, its answers kept by no browser and no cache."""
    if iscoroutinefunction(view):

        @wraps(view)
        async def marked_async(request: Any, *args: Any, **kwargs: Any) -> Any:
            keep_nothing(getattr(request, "_request", request))
            return await view(request, *args, **kwargs)

        return marked_async

    @wraps(view)
    def marked(request: Any, *args: Any, **kwargs: Any) -> Any:
        keep_nothing(getattr(request, "_request", request))
        return view(request, *args, **kwargs)

    return marked
