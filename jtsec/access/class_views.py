"""A mixin that puts a class-based view, and the object it shows, behind a right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.views import View

from jtsec.core.exposure import Requirement, expose

from .requiring import require


class RequiresRightMixin(View):
    """
    Puts a class-based view behind a right (clause A4.3).

        class PermitDetail(RequiresRightMixin, DetailView):
            right = "permits.query_permit"

    The right is decided before the view runs, as for `@requires`; and once more for
    the object that `get_object` finds, so that no number in an address leads to the
    row of another organisation.
    """

    right: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """
        Look at the right when the class is made, not when a visitor comes.

        Raises:
            ValueError: it names something that cannot be a right.
        """
        super().__init_subclass__(**kwargs)
        if cls.right:
            Requirement.for_right(cls.right)

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        """
        Return the view, marked with its right.

        Raises:
            ValueError: no right is named; the view would be refused to everybody.
        """
        view = super().as_view(**initkwargs)
        return expose(view, Requirement.for_right(initkwargs.get("right", cls.right)))

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        """
        Return the object of a detail view, if the right reaches it.

        Raises:
            Refused: it does not; recorded.
        """
        detail: Any = super()
        found = detail.get_object(*args, **kwargs)
        require(self.request, self.right, found)
        return found
