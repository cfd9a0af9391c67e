"""
Permissions of the REST framework that ask the one decision point (clause A4.3).

    class PermitView(RetrieveAPIView):
        permission_classes = [requires("permits.query_permit")]

    class PermitViewSet(ModelViewSet):
        permission_classes = [
            requires("permits.query_permit", POST="permits.file_permit")
        ]

An object that the view fetches is decided too: its organisation and its label count
(clause A4.14). A refusal is recorded with its exact reason; the caller reads a general
sentence with status 403, and the answer counts as an attack on an interface (A4.13).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from jtsec.access.api import decide, require
from jtsec.core.exposure import Requirement

from .client_rights import require_client_right

try:
    from rest_framework.permissions import IsAuthenticated
    from rest_framework.request import Request
except ImportError as missing:
    raise ImportError(
        "jtsec.rest needs Django REST framework: pip install 'jtsec[rest]'"
    ) from missing

if TYPE_CHECKING:
    # The framework's views read their defaults, this module among them, when they are
    # imported: importing them here would go round in a circle.
    from rest_framework.views import APIView

METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class RequiresRight(IsAuthenticated):
    """
    Lets a request through whose user has the right; made by `requires`.

    It raises where it refuses. So it does not go into an "or" with another
    permission: a role that gives either right is what says "or" here.
    """

    right: ClassVar[str] = ""
    by_method: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def has_permission(self, request: Request, view: APIView) -> bool:
        """
        Answer whether somebody is logged in and has the right.

        Raises:
            Refused: they lack it; recorded.
        """
        if not super().has_permission(request, view):
            return False
        plain, right = _plain(request), self._right_for(request)
        require_client_right(plain, right)
        require(plain, right)
        return True

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        """
        Answer whether the right reaches this object.

        Raises:
            Refused: it does not; recorded.
        """
        plain, right = _plain(request), self._right_for(request)
        # The use of a core function is on record from `has_permission`; once is enough.
        if not decide(plain.user, right, obj):
            require(plain, right, obj)
        return True

    def _right_for(self, request: Request) -> str:
        method = request.method or ""
        if method == "HEAD" and method not in self.by_method:
            method = "GET"  # by which the framework answers it
        return self.by_method.get(method, self.right)


def requires(right: str, **by_method: str) -> type[RequiresRight]:
    """
    Return the permission class of a right.

    Args:
        right: a permission name, `app.operation_thing`.
        by_method: another right for a method: `POST="permits.file_permit"`.

    Raises:
        ValueError: a name cannot be a right, or a method is none; found when the
            view is imported, not when somebody calls it.
    """
    for name in (right, *by_method.values()):
        Requirement.for_right(name)
    strange = sorted(by_method.keys() - METHODS)
    if strange:
        raise ValueError(f"{', '.join(strange)}: not a method of HTTP, in capitals")
    attributes = {"right": right, "by_method": MappingProxyType(dict(by_method))}
    return type("RequiresRight", (RequiresRight,), attributes)


def _plain(request: Request) -> Any:
    """Return Django's request, on which the controls rely."""
    return getattr(request, "_request", request)
