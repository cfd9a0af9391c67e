"""
What the interfaces of jtsec itself share: they are for people, in their sessions.

A key that a device holds opens none of them. Everything that the preset would set is
said here again, so that a project with settings of its own leaves no gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from .parsers import BoundedJSONParser
from .throttling import CountedThrottle


class PeopleView(APIView):
    """
    Answers whoever is logged in.

    `takes` and `gives` name the serializers of each method, for the description of
    the interfaces.
    """

    authentication_classes = (SessionAuthentication,)
    permission_classes: tuple[Any, ...] = (IsAuthenticated,)
    throttle_classes = (CountedThrottle,)
    parser_classes = (BoundedJSONParser,)
    renderer_classes: Any = (JSONRenderer,)

    takes: ClassVar[Mapping[str, Any]] = MappingProxyType({})
    gives: ClassVar[Mapping[str, Any]] = MappingProxyType({})
