"""
Hands out the description of the interfaces (OpenAPI 3), to who may read it.

It tells every address and field; so nobody reads it who is not logged in, and
`JTSEC_REST_SCHEMA_RIGHT` may ask for more.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from .conf import rest_settings
from .people_view import PeopleView
from .permissions import requires


class Description(PeopleView):
    """Describes every interface of the project."""

    gives = {"GET": OpenApiTypes.OBJECT}
    calls = 20  # it is made anew each time, which takes as long as a hundred others

    def get_permissions(self) -> list[BasePermission]:
        """Return what the setting asks for beside a login."""
        right = rest_settings().schema_right
        own = [requires(right)()] if right else []
        return [*super().get_permissions(), *own]  # type: ignore[list-item]  # the stubs name a protocol

    def get(self, request: Request) -> Response:
        """Return the description, in JSON."""
        generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]  # not typed
        return Response(generator.get_schema(request=request, public=True))
