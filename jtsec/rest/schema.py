"""
The description of each interface, for drf-spectacular (OpenAPI 3).

    INSTALLED_APPS = [..., "drf_spectacular"]      # the preset does the rest

Every answer is described, those that refuse as well; so a client that is made from the
description knows them, and a test that calls at random finds what is not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, Literal

from rest_framework.permissions import AllowAny

from .call_counting import is_counted
from .error_answer import ErrorAnswer
from .permissions import RequiresRight
from .signature_header import SCHEME

try:
    from drf_spectacular.extensions import OpenApiAuthenticationExtension
    from drf_spectacular.openapi import AutoSchema
    from drf_spectacular.utils import OpenApiParameter
except ImportError as missing:
    raise ImportError(
        "the description needs drf-spectacular: pip install 'jtsec[rest]'"
    ) from missing

WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
SECTIONS: Final = re.compile(r"^\s*(?:Args|Returns|Raises|Yields):", re.MULTILINE)
"""Where a docstring goes on for who reads the code."""

Direction = Literal["request", "response"]


class InterfaceSchema(AutoSchema):
    """Describes a view: what it takes and gives, its right, and its refusals."""

    def get_request_serializer(self) -> Any:
        """Return what the view says it takes, or what the framework finds."""
        if hasattr(self.view, "takes"):
            return self.view.takes.get(self.method)
        return super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        """Return what the view says it gives, or what the framework finds."""
        if not hasattr(self.view, "gives"):
            return super().get_response_serializers()
        given = self.view.gives.get(self.method)
        return {204: None} if given is None else {200: given}

    def get_override_parameters(self) -> Any:
        """Return the conditions of a query, where a view names them."""
        conditions = getattr(self.view, "conditions", None)
        if conditions is None or self.method != "GET":
            return super().get_override_parameters()
        return [
            OpenApiParameter(name, str, enum=list(words) or None)
            for name, words in conditions.items()
        ]

    def get_operation_id(self) -> str:
        """Return the name that the view gives itself, or what the address says."""
        return getattr(self.view, "operation", "") or super().get_operation_id()

    def get_description(self) -> str:  # type: ignore[override]  # as its base has it
        """Return what the view does, with the right it asks for."""
        said = SECTIONS.split(super().get_description() or "")[0].strip()
        right = self._right()
        return f"{said}\n\nRight: `{right}`" if right else said

    def get_extensions(self) -> dict[str, Any]:
        """Return the right for programs that read the description."""
        right = self._right()
        own = {"x-jtsec-right": right} if right else {}
        return {**super().get_extensions(), **own}

    def _map_basic_serializer(
        self, serializer: Any, direction: Direction
    ) -> dict[str, Any]:
        """Say of a serializer that leaves fields out that none must be there."""
        described: Any = super()._map_basic_serializer
        told: dict[str, Any] = described(serializer, direction)
        if getattr(serializer, "leaves_out", False):
            told.pop("required", None)
        return told

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        answer_of: Any = self._get_response_for_code
        for status in self._refusals():
            if status not in bodies:
                bodies[status] = answer_of(ErrorAnswer, status)
        return bodies

    def _refusals(self) -> Iterator[str]:
        yield from ("400", "404", "406", "500")
        if any(not isinstance(one, AllowAny) for one in self.view.get_permissions()):
            yield from ("401", "403")
        if is_counted(type(self.view)):
            yield "429"
        if self.method in WITH_BODY:
            yield from ("409", "413", "415")

    def _right(self) -> str:
        for one in self.view.get_permissions():
            if isinstance(one, RequiresRight):
                return one.by_method.get(self.method, one.right)
        return ""


class SignedRequestScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Describes the signature of terminals and services."""

    target_class = "jtsec.rest.authentication.SignedRequests"
    name = "signedRequest"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the header that carries the signature."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": f"{SCHEME} client, time, nonce, signature: SM2 over the "
            "request, each of which is accepted once.",
        }
